//! What is wrong with a flow file: every mistake at once, each with its place and what to do.

use crate::call::json::FileError;
use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use std::fmt::{self, Write as _};
use std::ops::Range;

/// One mistake in a flow file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Bytes of the file.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What the excerpt's underlined part is, in a few words.
    pub label: String,
    /// What to do; may be empty.
    pub help: String,
}

/// Why a flow file was refused.
#[derive(Clone, Debug)]
pub struct FlowError {
    file: String,
    source: NamedSource<String>,
    problems: Vec<Problem>,
}

impl FlowError {
    pub(super) fn new(file: &str, text: &str, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|p| (p.span.start, p.span.end));
        problems.dedup();
        for problem in &mut problems {
            // Names from the file may hold anything, also what would drive a terminal.
            for text in [&mut problem.message, &mut problem.help] {
                *text = text.replace(|c: char| c.is_control(), "\u{fffd}");
            }
        }
        Self {
            file: file.to_owned(),
            source: NamedSource::new(file, text.to_owned()).with_language("toml"),
            problems,
        }
    }

    /// One mistake about the first place where the file quotes a value.
    pub fn about(file: &str, text: &str, quoted: &str, message: impl Into<String>, help: &str) -> Self {
        let quoted = format!("\"{quoted}\"");
        let start = text.find(&quoted).unwrap_or(0);
        let problem = Problem {
            span: start..start + quoted.len().min(text.len()),
            message: message.into(),
            label: "here".to_owned(),
            help: help.to_owned(),
        };
        Self::new(file, text, vec![problem])
    }

    /// The file as it was named to us.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The mistakes, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Line and column of a mistake, from 1; columns count characters.
    pub fn place(&self, problem: &Problem) -> (usize, usize) {
        place(self.source.inner(), problem.span.start)
    }

    /// The mistakes as a person at a terminal reads them, without colour: an excerpt of the file under each of the first
    /// few, the rest in a line each.
    pub fn to_report(&self) -> String {
        const EXCERPTS: usize = 3;
        let mut out = String::new();
        let handler = miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
            .with_width(100)
            .with_links(false);
        for problem in self.views().take(EXCERPTS) {
            // Writing into a String does not fail.
            let _ = handler.render_report(&mut out, &problem);
        }
        for problem in self.problems.iter().skip(EXCERPTS) {
            let (line, column) = self.place(problem);
            let _ = writeln!(out, "{}:{line}:{column}: {}", self.file, problem.message);
        }
        plain(&out)
    }

    fn views(&self) -> impl Iterator<Item = View<'_>> {
        self.problems.iter().map(|problem| View {
            problem,
            source: &self.source,
        })
    }
}

/// Each mistake on its own line: `flow.toml:12:8: no node is called ...`, its advice under it.
impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            let (line, column) = self.place(problem);
            write!(f, "{}:{line}:{column}: {}", self.file, problem.message)?;
            if !problem.help.is_empty() {
                write!(f, "\n  help: {}", problem.help)?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for FlowError {}

impl Diagnostic for FlowError {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.problems.iter().map(label)))
    }
}

/// One mistake as a diagnostic of its own.
#[derive(Debug)]
struct View<'a> {
    problem: &'a Problem,
    source: &'a NamedSource<String>,
}

impl fmt::Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for View<'_> {}

impl Diagnostic for View<'_> {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(label(self.problem))))
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.problem.help.is_empty()).then(|| Box::new(&self.problem.help) as Box<dyn fmt::Display>)
    }
}

fn label(problem: &Problem) -> LabeledSpan {
    LabeledSpan::new(
        Some(problem.label.clone()),
        problem.span.start,
        problem.span.len(),
    )
}

/// Without anything that would drive a terminal, and without lines that nobody could read.
fn plain(text: &str) -> String {
    const WIDTH: usize = 240;
    let mut out = String::new();
    for line in text.lines() {
        let shown = line.chars().map(|c| {
            if c.is_control() && c != '\t' {
                '\u{fffd}'
            } else {
                c
            }
        });
        out.extend(shown.take(WIDTH));
        if line.chars().nth(WIDTH).is_some() {
            out.push('…');
        }
        out.push('\n');
    }
    out
}

fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// Why a line could not be made of a flow file and its data.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The flow file is wrong.
    #[error(transparent)]
    Flow(#[from] Box<FlowError>),
    /// Its data is wrong or missing.
    #[error(transparent)]
    Data(#[from] FileError),
}
