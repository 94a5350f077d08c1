//! Templates and expressions of a flow, checked against the shape of the data before any call can reach them.
//!
//! The text is walked as minijinja's syntax tree, every branch and loop of it, so a field that does not exist is found
//! where it is named and not when a caller happens to get there.

use super::error::Problem;
use super::source::Shape;
use crate::call::json::nearest;
use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt};
use minijinja::machinery::{Span, parse, parse_expr};
use minijinja::{Environment, UndefinedBehavior, Value};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a filter makes of what it is given.
type Makes = fn(Shape) -> Shape;

/// The filters a flow may use.
const FILTERS: [(&str, Makes); 9] = [
    ("capitalize", |_| Shape::Text),
    ("first", |s| s.item().clone()),
    ("join", |_| Shape::Text),
    ("last", |s| s.item().clone()),
    ("length", |_| Shape::Number),
    ("lower", |_| Shape::Text),
    ("title", |_| Shape::Text),
    ("trim", |_| Shape::Text),
    ("upper", |_| Shape::Text),
];

/// A text with places to fill in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    source: String,
}

/// A value computed from data and variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expression {
    source: String,
}

/// Where a template's text lies in the flow file, for pointing into it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// The whole flow file.
    pub file: &'a str,
    /// The bytes of the value, quotes included.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Place<'_> {
    /// The bytes in the file of a stretch of the decoded text; the whole value where escapes hide it.
    fn of(self, source: &str, part: Range<usize>) -> Range<usize> {
        let raw = self.file.get(self.start..self.end).unwrap_or_default();
        match raw.find(source) {
            Some(at) if !source.is_empty() => self.start + at + part.start..self.start + at + part.end,
            _ => self.start..self.end,
        }
    }
}

/// The names that can be used at a place, with their shapes.
pub(super) type Scope = BTreeMap<String, Shape>;

impl Template {
    /// Checks a template against the names in scope.
    pub(super) fn check(source: &str, place: Place<'_>, scope: &Scope, problems: &mut Vec<Problem>) -> Self {
        let mut walk = Walk {
            source,
            place,
            scopes: vec![scope.clone()],
            problems,
        };
        match parse(source, "flow", minijinja::syntax::SyntaxConfig::default()) {
            Ok(root) => walk.statement(&root),
            Err(e) => walk.syntax(&e),
        }
        Self {
            source: source.to_owned(),
        }
    }

    /// The text with data filled in and white space evened out. Rendering never fails: what a checked template cannot
    /// reach is left out.
    pub(super) fn render(&self, env: &Environment<'static>, names: &Value) -> String {
        let text = if self.source.contains('{') {
            env.render_str(&self.source, names.clone()).unwrap_or_default()
        } else {
            self.source.clone()
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether nothing would be said.
    pub(super) fn is_blank(&self) -> bool {
        self.source.trim().is_empty()
    }
}

impl Expression {
    /// Checks an expression; the shape of its value comes with it.
    pub(super) fn check(
        source: &str,
        place: Place<'_>,
        scope: &Scope,
        problems: &mut Vec<Problem>,
    ) -> (Self, Shape) {
        let mut walk = Walk {
            source,
            place,
            scopes: vec![scope.clone()],
            problems,
        };
        let shape = match parse_expr(source) {
            Ok(e) => walk.expression(&e),
            Err(e) => {
                walk.syntax(&e);
                Shape::Unknown
            }
        };
        let source = source.to_owned();
        (Self { source }, shape)
    }

    /// The name, where the expression is nothing but one.
    pub(super) fn as_name(&self) -> &str {
        self.source.trim()
    }

    /// The value; undefined where the data does not reach.
    pub(super) fn value(&self, env: &Environment<'static>, names: &Value) -> Value {
        env.compile_expression(&self.source)
            .and_then(|e| e.eval(names.clone()))
            .unwrap_or_default()
    }
}

/// The environment that templates are rendered in.
pub(super) fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Chainable);
    env
}

struct Walk<'a> {
    source: &'a str,
    place: Place<'a>,
    scopes: Vec<Scope>,
    problems: &'a mut Vec<Problem>,
}

impl Walk<'_> {
    fn problem(&mut self, span: Span, message: String, label: &str, help: String) {
        let part = self.offset(span.start_offset)..self.offset(span.end_offset);
        self.problems.push(Problem {
            span: self.place.of(self.source, part),
            message,
            label: label.to_owned(),
            help,
        });
    }

    fn offset(&self, at: u32) -> usize {
        usize::try_from(at).unwrap_or(0).min(self.source.len())
    }

    fn syntax(&mut self, e: &minijinja::Error) {
        let span = e.range().unwrap_or(0..self.source.len());
        self.problems.push(Problem {
            span: self.place.of(self.source, span),
            message: format!(
                "this template cannot be read: {}",
                e.detail().unwrap_or("syntax error")
            ),
            label: "here".to_owned(),
            help: "{{ name }} says a value, {% if %} and {% for %} choose and repeat".to_owned(),
        });
    }

    fn body(&mut self, statements: &[Stmt<'_>]) {
        self.scopes.push(Scope::new());
        for s in statements {
            self.statement(s);
        }
        self.scopes.pop();
    }

    fn statement(&mut self, s: &Stmt<'_>) {
        match s {
            Stmt::Template(t) => self.body(&t.children),
            Stmt::EmitExpr(e) => {
                let shape = self.expression(&e.expr);
                let (what, help) = match shape {
                    Shape::Secret => (
                        "this is secret and is never said",
                        "secrets can be compared in a check",
                    ),
                    Shape::List(_) => ("a list cannot be said whole", "repeat over it with {% for %}"),
                    Shape::Record(_) => ("a record cannot be said whole", "name one of its fields"),
                    _ => return,
                };
                self.problem(e.expr.span(), what.to_owned(), "said here", help.to_owned());
            }
            Stmt::ForLoop(f) => {
                let list = self.expression(&f.iter);
                if !matches!(list, Shape::List(_) | Shape::Unknown) {
                    self.problem(
                        f.iter.span(),
                        format!("this is {list}, not a list"),
                        "repeated over here",
                        "a {% for %} needs a list".to_owned(),
                    );
                }
                let mut inner = Scope::from([("loop".to_owned(), loop_shape())]);
                if let Expr::Var(v) = &f.target {
                    inner.insert(v.id.to_owned(), list.item().clone());
                } else {
                    self.problem(
                        f.target.span(),
                        "a list's item has one name".to_owned(),
                        "here",
                        "write {% for item in list %}".to_owned(),
                    );
                }
                self.scopes.push(inner);
                if let Some(filter) = &f.filter_expr {
                    self.expression(filter);
                }
                self.body(&f.body);
                self.scopes.pop();
                self.body(&f.else_body);
            }
            Stmt::IfCond(i) => {
                self.expression(&i.expr);
                self.body(&i.true_body);
                self.body(&i.false_body);
            }
            Stmt::Set(set) => {
                let shape = self.expression(&set.expr);
                if let (Expr::Var(v), Some(scope)) = (&set.target, self.scopes.last_mut()) {
                    scope.insert(v.id.to_owned(), shape);
                }
            }
            Stmt::WithBlock(w) => {
                let mut inner = Scope::new();
                for (target, value) in &w.assignments {
                    let shape = self.expression(value);
                    if let Expr::Var(v) = target {
                        inner.insert(v.id.to_owned(), shape);
                    }
                }
                self.scopes.push(inner);
                self.body(&w.body);
                self.scopes.pop();
            }
            Stmt::SetBlock(b) => self.unsupported(b.span()),
            Stmt::AutoEscape(b) => self.unsupported(b.span()),
            Stmt::FilterBlock(b) => self.unsupported(b.span()),
            Stmt::Do(d) => self.unsupported(d.span()),
            #[allow(
                unreachable_patterns,
                reason = "other crates' features may add kinds of statement"
            )]
            Stmt::EmitRaw(_) => {}
        }
    }

    fn unsupported(&mut self, span: Span) {
        self.problem(
            span,
            "flows do not use this kind of block".to_owned(),
            "here",
            "if, for, set and with are enough for a prompt".to_owned(),
        );
    }

    fn expression(&mut self, e: &Expr<'_>) -> Shape {
        match e {
            Expr::Var(v) => self.variable(v.id, v.span()),
            Expr::Const(c) => {
                if c.value.as_str().is_some() {
                    Shape::Text
                } else if c.value.is_number() {
                    Shape::Number
                } else {
                    Shape::Flag
                }
            }
            Expr::GetAttr(g) => {
                let shape = self.expression(&g.expr);
                if let Some(field) = shape.field(g.name) {
                    return field.clone();
                }
                let help = nearest(g.name, shape.fields()).map_or_else(
                    || {
                        let names: Vec<_> = shape.fields().collect();
                        if names.is_empty() {
                            "this has no fields".to_owned()
                        } else {
                            format!("its fields are {}", names.join(", "))
                        }
                    },
                    |name| format!("did you mean `{name}`?"),
                );
                self.problem(
                    g.span(),
                    format!("{shape} here has no field `{}`", g.name),
                    "not in the data",
                    help,
                );
                Shape::Unknown
            }
            Expr::GetItem(g) => {
                let shape = self.expression(&g.expr);
                self.expression(&g.subscript_expr);
                shape.item().clone()
            }
            Expr::Slice(s) => {
                for part in [&s.start, &s.stop, &s.step].into_iter().flatten() {
                    self.expression(part);
                }
                self.expression(&s.expr)
            }
            Expr::UnaryOp(u) => self.expression(&u.expr),
            Expr::BinOp(b) => {
                let left = self.expression(&b.left);
                let right = self.expression(&b.right);
                self.binary(b.op, e.span(), &left, &right)
            }
            Expr::Compare(c) => {
                self.expression(&c.expr);
                for op in &c.ops {
                    self.expression(&op.expr);
                }
                Shape::Flag
            }
            Expr::IfExpr(i) => {
                self.expression(&i.test_expr);
                let shape = self.expression(&i.true_expr);
                let other = i.false_expr.as_ref().map(|f| self.expression(f));
                // A secret in either branch makes the whole secret.
                match other {
                    Some(Shape::Secret) => Shape::Secret,
                    _ => shape,
                }
            }
            Expr::Filter(f) => {
                let shape = f.expr.as_ref().map_or(Shape::Unknown, |e| self.expression(e));
                self.arguments(&f.args);
                if shape == Shape::Secret {
                    return Shape::Secret;
                }
                let known = FILTERS.iter().find(|(name, _)| *name == f.name);
                if let Some((_, makes)) = known {
                    return makes(shape);
                }
                let names = FILTERS.iter().map(|(name, _)| *name);
                let help = nearest(f.name, names.clone()).map_or_else(
                    || format!("filters are {}", names.collect::<Vec<_>>().join(", ")),
                    |name| format!("did you mean `{name}`?"),
                );
                self.problem(f.span(), format!("there is no filter `{}`", f.name), "here", help);
                Shape::Unknown
            }
            Expr::Test(t) => {
                self.expression(&t.expr);
                self.arguments(&t.args);
                if !["defined", "undefined", "odd", "even"].contains(&t.name) {
                    self.problem(
                        t.span(),
                        format!("there is no test `{}`", t.name),
                        "here",
                        "tests are defined, undefined, odd, even".to_owned(),
                    );
                }
                Shape::Flag
            }
            Expr::Call(c) => {
                self.problem(
                    c.span(),
                    "flows call no functions".to_owned(),
                    "here",
                    "name a field of the data".to_owned(),
                );
                Shape::Unknown
            }
            Expr::List(l) => self.items(&l.items),
            Expr::Tuple(t) => self.items(&t.items),
            Expr::Map(m) => {
                for part in m.keys.iter().chain(&m.values) {
                    self.expression(part);
                }
                Shape::Unknown
            }
        }
    }

    fn items(&mut self, items: &[Expr<'_>]) -> Shape {
        let shapes: Vec<_> = items.iter().map(|i| self.expression(i)).collect();
        if shapes.contains(&Shape::Secret) {
            return Shape::Secret;
        }
        Shape::list(shapes.into_iter().next().unwrap_or(Shape::Unknown))
    }

    fn arguments(&mut self, args: &[CallArg<'_>]) {
        for arg in args {
            match arg {
                CallArg::Pos(e) | CallArg::Kwarg(_, e) | CallArg::PosSplat(e) | CallArg::KwargSplat(e) => {
                    self.expression(e);
                }
            }
        }
    }

    fn binary(&mut self, op: BinOpKind, span: Span, left: &Shape, right: &Shape) -> Shape {
        let arithmetic = matches!(
            op,
            BinOpKind::Add
                | BinOpKind::Sub
                | BinOpKind::Mul
                | BinOpKind::Div
                | BinOpKind::FloorDiv
                | BinOpKind::Rem
                | BinOpKind::Pow
        );
        let number = |s: &Shape| matches!(s, Shape::Number | Shape::Unknown);
        if arithmetic && !(number(left) && number(right)) {
            self.problem(
                span,
                format!("{left} and {right} cannot be calculated with"),
                "here",
                "only numbers can; `~` joins texts".to_owned(),
            );
        }
        match op {
            _ if arithmetic => Shape::Number,
            BinOpKind::Concat if *left == Shape::Secret || *right == Shape::Secret => Shape::Secret,
            BinOpKind::Concat => Shape::Text,
            BinOpKind::ScAnd | BinOpKind::ScOr if *left == Shape::Secret || *right == Shape::Secret => {
                Shape::Secret
            }
            BinOpKind::ScAnd | BinOpKind::ScOr => left.clone(),
            _ => Shape::Flag,
        }
    }

    fn variable(&mut self, name: &str, span: Span) -> Shape {
        if let Some(shape) = self.scopes.iter().rev().find_map(|s| s.get(name)) {
            return shape.clone();
        }
        let names: Vec<String> = self.scopes.iter().flat_map(|s| s.keys().cloned()).collect();
        let help = nearest(name, names.iter().map(String::as_str)).map_or_else(
            || format!("names here are {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        self.problem(
            span,
            format!("nothing is called `{name}` here"),
            "not a name of the data, nor a variable",
            help,
        );
        Shape::Unknown
    }
}

fn loop_shape() -> Shape {
    Shape::record([
        ("index", Shape::Number),
        ("index0", Shape::Number),
        ("revindex", Shape::Number),
        ("length", Shape::Number),
        ("first", Shape::Flag),
        ("last", Shape::Flag),
    ])
}
