//! Lines of text from a person or a program, whatever they hold.

use std::io::{self, BufRead};

/// The longest line that is taken, in bytes. A longer one is skipped whole, so that no input fills the memory.
pub const MAX_LINE: usize = 1024 * 1024;

/// One line of input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Text, without its line end.
    Text(String),
    /// Not UTF-8.
    NotText,
    /// Longer than [`MAX_LINE`].
    TooLong,
}

/// Reads the next line; `None` at the end of the input.
pub fn next(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    let mut too_long = false;
    let mut any = false;
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        if chunk.is_empty() {
            break;
        }
        any = true;
        let end = chunk.iter().position(|b| *b == b'\n');
        let used = end.map_or(chunk.len(), |at| at + 1);
        let text = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        if bytes.len() + text.len() > MAX_LINE {
            too_long = true;
            bytes.clear();
        } else if !too_long {
            bytes.extend_from_slice(text);
        }
        input.consume(used);
        if end.is_some() {
            break;
        }
    }
    if !any {
        return Ok(None);
    }
    if too_long {
        return Ok(Some(Line::TooLong));
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(Some(String::from_utf8(bytes).map_or(Line::NotText, Line::Text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn all(bytes: &[u8]) -> Vec<Line> {
        let mut input = BufReader::with_capacity(7, bytes);
        std::iter::from_fn(|| next(&mut input).unwrap()).collect()
    }

    #[test]
    fn lines_end_at_either_kind_of_line_end_and_the_last_needs_none() {
        let text = |t: &str| Line::Text(t.to_owned());
        assert_eq!(
            all(b"one\r\n\ntwo words here\nend"),
            [text("one"), text(""), text("two words here"), text("end")]
        );
        assert_eq!(all(b""), []);
    }

    #[test]
    fn what_is_not_text_or_far_too_long_takes_one_line_and_no_more() {
        let mut bytes = vec![b'x'; MAX_LINE + 10];
        bytes.extend_from_slice(b"\n\xff\xfe\nyes\n");
        assert_eq!(
            all(&bytes),
            [Line::TooLong, Line::NotText, Line::Text("yes".to_owned())]
        );
    }
}
