//! What reading a file asks of the charset detector: the way from `text` to `source`.

use crate::source::Detected;
use crate::text::detect::detect;

/// Guesses the charset of bytes that are not UTF-8; for [`crate::source::Options::detect`].
#[must_use]
pub fn detected(bytes: &[u8]) -> Detected {
    let detection = detect(bytes);
    Detected {
        charset: detection
            .charset
            .map(encoding_rs::Encoding::name)
            .or(detection.guess),
        certain: detection.certain,
    }
}
