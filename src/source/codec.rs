//! Compression: gzip, zstd, xz and bzip2 as streams of bounded memory.

use std::io::{self, BufReader, Read, Write};

/// zstd frames that need a larger window than 2^27 bytes (128 MiB) are refused.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;
/// Memory an xz stream may ask for: a dictionary of 128 MiB and what comes with it.
const XZ_MEMORY_MAX: u64 = 136 << 20;
/// Compressed bytes read at a time.
const READ_BYTES: usize = 128 * 1024;

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
        let reader = BufReader::with_capacity(READ_BYTES, reader);
        Ok(match self {
            Self::Gzip => Box::new(Sips(flate2::bufread::MultiGzDecoder::new(reader))),
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                Box::new(Sips(decoder))
            }
            Self::Xz => {
                let stream =
                    liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_MAX, liblzma::stream::CONCATENATED)
                        .map_err(io::Error::from)?;
                Box::new(Sips(liblzma::bufread::XzDecoder::new_stream(reader, stream)))
            }
            Self::Bzip2 => Box::new(Sips(bzip2::bufread::MultiBzDecoder::new(reader))),
        })
    }
}

impl Codec {
    /// Compresses a stream, with the codec's usual settings. The same bytes give the same bytes: no
    /// time and no name is stored.
    ///
    /// # Errors
    /// Where the encoder itself cannot be made.
    pub fn encoder<W: Write + Send + 'static>(self, writer: W) -> io::Result<Box<dyn Encoder<W> + Send>> {
        Ok(match self {
            Self::Gzip => Box::new(flate2::write::GzEncoder::new(
                writer,
                flate2::Compression::default(),
            )),
            Self::Zstd => Box::new(zstd::stream::write::Encoder::new(writer, 0)?),
            Self::Xz => Box::new(liblzma::write::XzEncoder::new(writer, 6)),
            Self::Bzip2 => Box::new(bzip2::write::BzEncoder::new(writer, bzip2::Compression::best())),
        })
    }
}

/// A writer that has something to say at its end.
pub trait Encoder<W>: Write {
    /// Writes what is left and gives the writer below back.
    ///
    /// # Errors
    /// Those of the writer below.
    fn finish(self: Box<Self>) -> io::Result<W>;
}

impl<W: Write> Encoder<W> for io::BufWriter<W> {
    fn finish(self: Box<Self>) -> io::Result<W> {
        (*self).into_inner().map_err(io::IntoInnerError::into_error)
    }
}

impl<W: Write> Encoder<W> for flate2::write::GzEncoder<W> {
    fn finish(self: Box<Self>) -> io::Result<W> {
        (*self).finish()
    }
}

impl<W: Write> Encoder<W> for zstd::stream::write::Encoder<'static, W> {
    fn finish(self: Box<Self>) -> io::Result<W> {
        (*self).finish()
    }
}

impl<W: Write> Encoder<W> for liblzma::write::XzEncoder<W> {
    fn finish(self: Box<Self>) -> io::Result<W> {
        (*self).finish()
    }
}

impl<W: Write> Encoder<W> for bzip2::write::BzEncoder<W> {
    fn finish(self: Box<Self>) -> io::Result<W> {
        (*self).finish()
    }
}

/// Most bytes asked of a decoder in one call.
const SIP_BYTES: usize = 1024;

/// Asks for little at a time: a decoder that meets corrupt data drops what it has written in that
/// call, so the call's size bounds what is lost of the sound data in front of it.
struct Sips<R>(R);

impl<R: Read> Read for Sips<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let end = buffer.len().min(SIP_BYTES);
        self.0.read(&mut buffer[..end])
    }
}
