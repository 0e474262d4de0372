//! Compression: gzip, zstd, xz and bzip2 as streams of bounded memory.

use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// zstd frames that need a larger window than 2^27 bytes (128 MiB) are refused.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// Memory an xz stream may ask for: a dictionary of 128 MiB and what comes with it.
const XZ_MEMORY_MAX: u64 = 136 << 20;
/// Compressed bytes read at a time.
const READ_BYTES: usize = 128 * 1024;
/// An archive that has given this much is looked at for its ratio.
const EXPANSION_FROM: u64 = 2 << 30;
/// Bytes that one compressed byte may stand for, from then on. Articles stand at 3 to 10 and the same line over
/// and over at some hundreds.
const EXPANSION_MAX: u64 = 1000;

/// A compression format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// gzip (RFC 1952), any number of members.
    Gzip,
    /// Zstandard (RFC 8878), any number of frames, skippable ones too.
    Zstd,
    /// xz, any number of streams.
    Xz,
    /// bzip2, any number of streams.
    Bzip2,
}

impl Codec {
    /// Takes the codec's extension off a file name.
    #[must_use]
    pub fn split(name: &str) -> (&str, Option<Self>) {
        const NAMES: [(&str, Codec); 6] = [
            (".gz", Codec::Gzip),
            (".gzip", Codec::Gzip),
            (".zst", Codec::Zstd),
            (".zstd", Codec::Zstd),
            (".xz", Codec::Xz),
            (".bz2", Codec::Bzip2),
        ];
        for (extension, codec) in NAMES {
            if let Some(at) = name.len().checked_sub(extension.len())
                && at > 0
                && name.is_char_boundary(at)
                && name[at..].eq_ignore_ascii_case(extension)
            {
                return (&name[..at], Some(codec));
            }
        }
        (name, None)
    }

    /// The codec that the first bytes of a file announce. Six bytes are enough.
    #[must_use]
    pub fn of_magic(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, 8, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, ..] => Some(Self::Bzip2),
            _ => None,
        }
    }

    /// Name for messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
        }
    }

    /// Decompresses a stream. Memory stays below the window limits above, whatever the input holds.
    ///
    /// # Errors
    /// Where the decoder itself cannot be made.
    pub fn decoder<R: Read + Send + 'static>(self, reader: R) -> io::Result<Box<dyn Read + Send>> {
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            inner: reader,
            taken: Arc::clone(&taken),
        };
        let reader = BufReader::with_capacity(READ_BYTES, counted);
        let decoder: Box<dyn Read + Send> = match self {
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(reader)),
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                Box::new(decoder)
            }
            Self::Xz => {
                let stream =
                    liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_MAX, liblzma::stream::CONCATENATED)
                        .map_err(io::Error::from)?;
                Box::new(liblzma::bufread::XzDecoder::new_stream(reader, stream))
            }
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(reader)),
        };
        Ok(Box::new(Sips {
            decoder,
            taken,
            given: 0,
        }))
    }
}

/// Compresses a stream with a codec; what [`Codec::encoder`] makes.
pub enum Encoder<W: Write> {
    /// gzip, level 6, no time stamp.
    Gzip(flate2::write::GzEncoder<W>),
    /// Zstandard, level 3, with a checksum.
    Zstd(zstd::stream::write::Encoder<'static, W>),
    /// xz, preset 6.
    Xz(liblzma::write::XzEncoder<W>),
    /// bzip2, level 9.
    Bzip2(bzip2::write::BzEncoder<W>),
}

impl Codec {
    /// Compresses into `writer`, as one member, frame or stream, at the format's usual level.
    ///
    /// # Errors
    /// Where the encoder itself cannot be made.
    pub fn encoder<W: Write>(self, writer: W) -> io::Result<Encoder<W>> {
        Ok(match self {
            Self::Gzip => Encoder::Gzip(flate2::write::GzEncoder::new(writer, flate2::Compression::new(6))),
            Self::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(writer, 3)?;
                encoder.include_checksum(true)?;
                Encoder::Zstd(encoder)
            }
            Self::Xz => Encoder::Xz(liblzma::write::XzEncoder::new(writer, 6)),
            Self::Bzip2 => Encoder::Bzip2(bzip2::write::BzEncoder::new(writer, bzip2::Compression::best())),
        })
    }
}

impl<W: Write> Encoder<W> {
    /// Ends the stream and gives the writer back.
    ///
    /// # Errors
    /// The writer's.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd(encoder) => encoder.finish(),
            Self::Xz(encoder) => encoder.finish(),
            Self::Bzip2(encoder) => encoder.finish(),
        }
    }

    fn inner(&mut self) -> &mut dyn Write {
        match self {
            Self::Gzip(encoder) => encoder,
            Self::Zstd(encoder) => encoder,
            Self::Xz(encoder) => encoder,
            Self::Bzip2(encoder) => encoder,
        }
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner().flush()
    }
}

impl<W: Write> std::fmt::Debug for Encoder<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Gzip(_) => "Encoder::Gzip",
            Self::Zstd(_) => "Encoder::Zstd",
            Self::Xz(_) => "Encoder::Xz",
            Self::Bzip2(_) => "Encoder::Bzip2",
        })
    }
}

/// Most bytes asked of a decoder in one call.
const SIP_BYTES: usize = 1024;

/// Counts the compressed bytes that were read.
struct Counted<R> {
    inner: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Asks for little at a time: a decoder that meets corrupt data drops what it has written in that
/// call, so the call's size bounds what is lost of the sound data in front of it. Stops at an archive
/// that is made to have no end.
struct Sips {
    decoder: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
    given: u64,
}

impl Read for Sips {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given > EXPANSION_FROM && self.given / EXPANSION_MAX > self.taken.load(Ordering::Relaxed) {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!(
                    "gave more than {} GiB, over {EXPANSION_MAX} times its own size, as one that is made to fill \
                     memory and disks does",
                    EXPANSION_FROM >> 30
                ),
            ));
        }
        let end = buffer.len().min(SIP_BYTES);
        let n = self.decoder.read(&mut buffer[..end])?;
        self.given += n as u64;
        Ok(n)
    }
}
