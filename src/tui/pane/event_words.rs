//! A scenario's event in words: what will be heard.

use crate::call::scenario::{Event, EventType, SystemEvent};

/// What an event makes the line hear: `keys 1`, `caller “yes”`, `silence`, `4 s pass`. Digits that answer a secret
/// question are dots.
pub fn event(event: &Event, secret: bool) -> String {
    match event.event_type {
        EventType::UserUtterance => match event.transcript.as_deref().map(str::trim) {
            None | Some("") => "silence".to_owned(),
            Some(said) if secret => format!("caller “{}”", dots(said)),
            Some(said) => format!("caller “{}”", one_line(said)),
        },
        EventType::Silence => "silence".to_owned(),
        EventType::Dtmf if secret => format!("keys {}", dots(&event.digits)),
        EventType::Dtmf => format!("keys {}", one_line(&event.digits)),
        EventType::SystemEvent => event.system().map_or("nothing known", system).to_owned(),
        EventType::Audio => format!("audio {}", one_line(&event.file)),
        EventType::Advance => passes(event.ms.unwrap_or_default()),
    }
}

fn dots(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|_| '●').collect()
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// `4 s pass`, `1.5 s pass`, `250 ms pass`.
fn passes(ms: u64) -> String {
    let (seconds, rest) = (ms / 1000, ms % 1000);
    match (seconds, rest) {
        (0, ms) => format!("{ms} ms pass"),
        (s, 0) => format!("{s} s pass"),
        (s, r) => format!("{s}.{} s pass", format!("{r:03}").trim_end_matches('0')),
    }
}

const fn system(event: SystemEvent) -> &'static str {
    match event {
        SystemEvent::Answered => "the call is answered",
        SystemEvent::MachineDetected => "a machine answers",
        SystemEvent::Hangup => "the caller hangs up",
        SystemEvent::TransferFailed => "the transfer fails",
        SystemEvent::SpeechStarted => "the caller begins to speak",
        SystemEvent::PromptEnded => "the prompt ends",
        SystemEvent::Interrupted => "the caller cuts in",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(json: &str, secret: bool) -> String {
        event(&serde_json::from_str(json).unwrap(), secret)
    }

    #[test]
    fn every_kind_of_event_has_its_words() {
        assert_eq!(words(r#"{"event_type":"dtmf","digits":"1#"}"#, false), "keys 1#");
        assert_eq!(
            words(r#"{"event_type":"dtmf","digits":"00 00"}"#, true),
            "keys ●●●●"
        );
        assert_eq!(
            words(r#"{"transcript":"yes\nplease"}"#, false),
            "caller “yes please”"
        );
        assert_eq!(words(r#"{"transcript":" "}"#, false), "silence");
        assert_eq!(words(r#"{"event_type":"silence"}"#, false), "silence");
        assert_eq!(words(r#"{"event_type":"advance","ms":4000}"#, false), "4 s pass");
        assert_eq!(
            words(r#"{"event_type":"advance","ms":1250}"#, false),
            "1.25 s pass"
        );
        assert_eq!(words(r#"{"event_type":"advance","ms":90}"#, false), "90 ms pass");
        assert_eq!(
            words(
                r#"{"event_type":"system_event","transcript":"voicemail_detected"}"#,
                false
            ),
            "a machine answers"
        );
        assert_eq!(
            words(r#"{"event_type":"audio","file":"hello.wav"}"#, false),
            "audio hello.wav"
        );
    }
}
