//! Arrow IPC: files (Feather V2) and streams.

use super::SourceError;
use super::discover::Input;
use super::open::Opened;
use super::parquet::{BatchFeed, guarded, seekable};
use super::plan::{Feed, Options};
use arrow_ipc::reader::{FileReader, StreamReader};
use std::io::{BufReader, Read, Seek, SeekFrom};

/// Opens an Arrow file or stream.
pub(super) fn feed(opened: Opened, input: &Input, options: &Options) -> Result<Box<dyn Feed>, SourceError> {
    let (mut file, broken) = seekable(opened, input)?;
    let mut magic = [0; 6];
    let is_file = file.read_exact(&mut magic).is_ok() && &magic == b"ARROW1";
    file.seek(SeekFrom::Start(0))?;
    let file = BufReader::new(file);
    // A file has its index at the end; a stream that its codec cut short can be read up to there.
    if is_file {
        let reader = match broken {
            Some(reason) => Err(reason),
            None => guarded(|| FileReader::try_new(file, None).map_err(|error| error.to_string())),
        };
        return Ok(Box::new(BatchFeed::new(reader, None, options.chunk_bytes)));
    }
    let reader = guarded(|| StreamReader::try_new(file, None).map_err(|error| error.to_string()));
    Ok(Box::new(BatchFeed::new(reader, broken, options.chunk_bytes)))
}
