//! Every path that a source file names, resolved to where it leads.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// A path as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Resolved: `crate`, or the name of another crate, and what follows. A glob ends in `*`.
    pub(crate) segments: Vec<String>,
    /// The line in the file, from 1.
    pub(crate) line: usize,
}

/// All paths of a file whose module is `module` (`["call", "session"]`; empty for the crate's root).
///
/// Aliases are looked up in the whole file whatever their scope: a name that means two things would be reported once too
/// often rather than once too seldom.
pub(crate) fn of(module: &[&str], source: &str) -> Vec<Named> {
    let file = syn::parse_file(source).unwrap_or_else(|e| panic!("{module:?}: {e}"));
    let mut walker = Walker {
        module: module.iter().map(|s| (*s).to_owned()).collect(),
        raw: Vec::new(),
        aliases: BTreeMap::new(),
    };
    walker.visit_file(&file);
    let Walker { raw, aliases, .. } = walker;
    let mut named: Vec<Named> = raw
        .into_iter()
        .map(|raw| Named {
            segments: resolve(&raw.segments, &raw.module, &aliases, 0),
            line: raw.line,
        })
        .collect();
    named.dedup();
    named
}

struct Raw {
    segments: Vec<String>,
    module: Vec<String>,
    line: usize,
}

struct Walker {
    module: Vec<String>,
    raw: Vec<Raw>,
    aliases: BTreeMap<String, Vec<String>>,
}

impl Walker {
    fn found(&mut self, segments: Vec<String>, line: usize) {
        let module = self.module.clone();
        self.raw.push(Raw {
            segments,
            module,
            line,
        });
    }

    fn import(&mut self, before: &[String], tree: &syn::UseTree) {
        let line = tree.span().start().line;
        let joined = |name: String| {
            let mut path = before.to_vec();
            // `a::{self}` is `a`.
            if name != "self" || before.is_empty() {
                path.push(name);
            }
            path
        };
        match tree {
            syn::UseTree::Path(path) => self.import(&joined(path.ident.to_string()), &path.tree),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(before, tree);
                }
            }
            syn::UseTree::Glob(_) => self.found(joined("*".to_owned()), line),
            syn::UseTree::Name(name) => self.alias(None, joined(name.ident.to_string()), line),
            syn::UseTree::Rename(rename) => {
                let path = joined(rename.ident.to_string());
                self.alias(Some(rename.rename.to_string()), path, line);
            }
        }
    }

    fn alias(&mut self, name: Option<String>, path: Vec<String>, line: usize) {
        let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
        let target = anchored(&path, &self.module);
        if target.len() > 1 || target.first() != Some(&name) {
            self.aliases.insert(name, target);
        }
        self.found(path, line);
    }

    /// Paths among tokens that no grammar explains: what stands in a macro or an attribute.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(_) => at = self.token_path(&tokens, at),
                TokenTree::Group(group) => {
                    self.tokens(group.stream());
                    at += 1;
                }
                TokenTree::Literal(literal) => {
                    self.quoted(&literal.to_string(), literal.span().start().line);
                    at += 1;
                }
                TokenTree::Punct(_) => at += 1,
            }
        }
    }

    /// The path that begins at an identifier; says where to go on.
    fn token_path(&mut self, tokens: &[TokenTree], start: usize) -> usize {
        let line = tokens[start].span().start().line;
        let mut segments = vec![tokens[start].to_string()];
        let mut at = start + 1;
        let colons = |at: usize| {
            let colon = |i: usize| matches!(tokens.get(i), Some(TokenTree::Punct(p)) if p.as_char() == ':');
            colon(at) && colon(at + 1)
        };
        while colons(at) {
            match tokens.get(at + 2) {
                Some(TokenTree::Ident(ident)) => {
                    segments.push(ident.to_string());
                    at += 3;
                }
                // A `use` inside a macro: its group goes on from here.
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                    let inner = format!("use {}::{{{}}};", segments.join("::"), group.stream());
                    if let Ok(item) = syn::parse_str::<syn::ItemUse>(&inner) {
                        self.import(&[], &item.tree);
                    }
                    return at + 3;
                }
                Some(TokenTree::Punct(p)) if p.as_char() == '*' => {
                    segments.push("*".to_owned());
                    at += 3;
                }
                _ => break,
            }
        }
        self.found(segments, line);
        at
    }

    /// Attributes hold paths in quotes (`with = "super::money::decimal"`).
    fn quoted(&mut self, literal: &str, line: usize) {
        let text = literal.trim_matches('"');
        let path = syn::parse_str::<syn::Path>(text);
        if let Some(path) = path.ok().filter(|p| p.segments.len() > 1) {
            self.found(names(&path), line);
        }
    }
}

impl<'ast> Visit<'ast> for Walker {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = item.rename.as_ref().map(|(_, name)| name.to_string());
        self.alias(name, vec![item.ident.to_string()], item.span().start().line);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.found(names(path), path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_expr_path(&mut self, expr: &'ast syn::ExprPath) {
        // `<Zoned>::now` names `Zoned::now` without saying so.
        if let Some(syn::Type::Path(of)) = expr.qself.as_ref().map(|q| &*q.ty) {
            let mut segments = names(&of.path);
            segments.extend(names(&expr.path));
            self.found(segments, expr.span().start().line);
        }
        visit::visit_expr_path(self, expr);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.found(names(&item.path), item.span().start().line);
        self.tokens(item.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        // Documentation is prose, and may link upwards.
        if attribute.path().is_ident("doc") {
            return;
        }
        match &attribute.meta {
            syn::Meta::Path(path) => self.found(names(path), path.span().start().line),
            syn::Meta::List(list) => self.tokens(list.tokens.clone()),
            syn::Meta::NameValue(pair) => visit::visit_expr(self, &pair.value),
        }
    }
}

fn names(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|s| s.ident.to_string()).collect()
}

/// A path from the crate's root or another crate's, before aliases.
fn anchored(path: &[String], module: &[String]) -> Vec<String> {
    let mut here: Vec<String> = std::iter::once("crate".to_owned())
        .chain(module.iter().cloned())
        .collect();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate" | "ivr_tui") => here.truncate(1),
        Some("self") => {}
        Some("super") => {
            while let Some(("super", after)) = rest.split_first().map(|(f, a)| (f.as_str(), a)) {
                here.truncate(here.len().saturating_sub(1).max(1));
                rest = after;
            }
            here.extend(rest.iter().cloned());
            return here;
        }
        _ => return path.to_vec(),
    }
    here.extend(rest.iter().skip(1).cloned());
    here
}

fn resolve(
    path: &[String],
    module: &[String],
    aliases: &BTreeMap<String, Vec<String>>,
    depth: usize,
) -> Vec<String> {
    let path = anchored(path, module);
    let first = path.first().map(String::as_str).unwrap_or_default();
    let Some(target) = aliases.get(first).filter(|_| depth < 8) else {
        return path;
    };
    let mut whole = target.clone();
    whole.extend(path.iter().skip(1).cloned());
    if whole == path {
        path
    } else {
        resolve(&whole, module, aliases, depth + 1)
    }
}
