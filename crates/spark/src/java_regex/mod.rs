//! Translates a regular expression of Java into one of the `regex` crate that matches the same.
//!
//! Read are: letters and their escapes, `\Q…\E`, `.`, classes with ranges, unions and `&&[…]`, the predefined classes
//! (`\d \w \s \h \v \R` and their opposites, of ASCII as in Java), POSIX and Unicode properties, groups of every
//! name, alternatives, greedy and lazy repetition, `^ \A \z \b \B`, and the flags `i`, `s` and `d`.
//!
//! Refused, since the `regex` crate has nothing of the same meaning or Java's own versions differ: look-around,
//! back-references, atomic groups, possessive repetition, repetition of what may match nothing or
//! of `\R`, `$`, `\Z`, `\G`, `\X`, `^` with the flag `m`, the flags `u`, `x` and `U`, blocks (`\p{InGreek}`),
//! `\p{java…}`, a class inside a negated one, `&&` before anything but a class in brackets, `\v-` in a class, and
//! properties of case under the flag `i`.
//!
//! `\b` is that of Java 18 and older, where letters and digits of every script are parts of words; newer ones know
//! only ASCII there. Properties of letters that are younger than a Java's Unicode are as the `regex` crate has them.
//! See Java's `java.util.regex.Pattern`.

mod class;
mod escape;

/// A translated pattern.
#[derive(Debug, PartialEq)]
pub(crate) struct Translated {
    /// The pattern for the `regex` crate.
    pub(crate) pattern: String,
    /// The pattern for texts that end in `\r\n`, where it has a `$`, which does not match between the two.
    pub(crate) before_crlf: Option<String>,
    /// What a text must not match, since Java sees other word boundaries there.
    pub(crate) refused: Option<String>,
}

/// Letters and marks that only one of Java and the `regex` crate takes for a part of a word beside a `\b`: marks
/// that combine, unless they follow a letter or digit, and what is no letter but joins words in Unicode.
const ODD_BOUNDARIES: &str = r"[\w--[\p{L}\p{Nd}_\p{Mn}]]|(?:^|[^\p{L}\p{Nd}\p{Mn}])\p{Mn}";

/// Letters of two surrogates: Java finds `\B` between the two.
const PAIRS: &str = r"[\x{10000}-\x{10ffff}]";

/// The end of a text, and the end of its last line before that; of a text that ends otherwise than in `\r\n`.
const LAST_LINE: &str = r"[\n\r\x{85}\x{2028}\x{2029}]?\z";

/// The same of a text that ends in `\r\n`.
const CRLF_LINE: &str = r"(?:\r\n)?\z";

/// Where a `$` is read: where nothing of the match follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    Nowhere,
    /// Outside of groups, whose texts matter.
    OutsideGroups,
    /// Also at the end of a group.
    Anywhere,
}

/// How deep groups and classes may lie in each other.
const MAX_DEPTH: usize = 50;

/// Translates `pattern`, or says what kind of pattern is expected in its place.
pub(crate) fn translate(pattern: &str) -> Result<Translated, String> {
    translate_as(pattern, false, Ends::Nowhere)
}

/// As [`translate`], with the groups that Java counts, for matches whose end does not matter where `ends` says so.
pub(crate) fn translate_groups(pattern: &str, ends: Ends) -> Result<Translated, String> {
    translate_as(pattern, true, ends)
}

fn translate_as(pattern: &str, groups: bool, ends: Ends) -> Result<Translated, String> {
    let read = |last_line: &'static str| {
        let letters = escape::without_quotes(pattern);
        let mut parser = Parser {
            letters,
            at: 0,
            flags: Flags::default(),
            depth: 0,
            boundaries: Vec::new(),
            groups,
            ends,
            last_line,
            has_end: false,
        };
        let node = parser.alternatives()?;
        match parser.peek() {
            Some(_) => Err(unreadable("a `)` without `(`")),
            None => Ok((node.text, parser)),
        }
    };
    let (pattern, parser) = read(LAST_LINE)?;
    let before_crlf = parser.has_end.then(|| read(CRLF_LINE)).transpose()?.map(|(pattern, _)| pattern);
    let refused = (!parser.boundaries.is_empty()).then(|| parser.boundaries.join("|"));
    Ok(Translated { pattern, before_crlf, refused })
}

/// What is expected in place of a pattern with this construct.
fn without(construct: &str) -> String {
    format!("a pattern without {construct}")
}

/// What is expected in place of a pattern that Java does not read either.
fn unreadable(problem: &str) -> String {
    format!("a pattern that Java reads; it has {problem}")
}

/// The flags in force.
#[derive(Clone, Copy, Debug, Default)]
struct Flags {
    any_case: bool,
    dot_all: bool,
    unix_lines: bool,
    lines: bool,
}

struct Parser {
    letters: Vec<char>,
    at: usize,
    flags: Flags,
    depth: usize,
    /// What a text must not match, for the boundaries of words in the pattern.
    boundaries: Vec<&'static str>,
    /// Whether groups are kept.
    groups: bool,
    /// Where a `$` with nothing behind it is read.
    ends: Ends,
    /// What it is read as.
    last_line: &'static str,
    /// Whether there is one.
    has_end: bool,
}

/// A translated part of the pattern.
struct Node {
    text: String,
    /// Whether it may match nothing.
    empty: bool,
}

impl Node {
    fn of(text: impl Into<String>) -> Node {
        Node { text: text.into(), empty: false }
    }

    fn nothing(text: impl Into<String>) -> Node {
        Node { text: text.into(), empty: true }
    }
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn ahead(&self, places: usize) -> Option<char> {
        self.letters.get(self.at + places).copied()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(letter)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let here = self.peek() == Some(wanted);
        self.at += usize::from(here);
        here
    }

    /// Remembers what a text must not match.
    fn watch(&mut self, odd: &'static str) {
        if !self.boundaries.contains(&odd) {
            self.boundaries.push(odd);
        }
    }

    /// One level deeper.
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Parser) -> Result<T, String>) -> Result<T, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(without(&format!("groups and classes more than {MAX_DEPTH} deep in each other")));
        }
        let result = inner(self)?;
        self.depth -= 1;
        Ok(result)
    }

    /// Alternatives up to a `)` or the end.
    fn alternatives(&mut self) -> Result<Node, String> {
        let mut whole = self.sequence()?;
        while self.eat('|') {
            let next = self.sequence()?;
            whole.text.push('|');
            whole.text.push_str(&next.text);
            whole.empty |= next.empty;
        }
        Ok(whole)
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut whole = Node::nothing("");
        while self.peek().is_some_and(|letter| !matches!(letter, '|' | ')')) {
            let atom = self.atom()?;
            let part = self.repeated(atom)?;
            whole = Node { text: whole.text + &part.text, empty: whole.empty && part.empty };
        }
        Ok(whole)
    }

    fn atom(&mut self) -> Result<Node, String> {
        match self.next() {
            Some('(') => self.deeper(Parser::group),
            Some('[') => self.deeper(Parser::class).map(Node::of),
            Some('\\') => self.escape(),
            Some('.') => Ok(Node::of(match (self.flags.dot_all, self.flags.unix_lines) {
                (true, _) => "(?s:.)",
                (false, true) => r"[^\n]",
                (false, false) => r"[^\n\r\x{85}\x{2028}\x{2029}]",
            })),
            Some('^') if !self.flags.lines => Ok(Node::nothing(r"\A")),
            Some('^') => Err(without("`^` with the flag `m` (starts of lines)")),
            Some('$') if self.is_end() => {
                self.has_end = true;
                Ok(Node::nothing(self.last_line))
            }
            Some('$') => Err(without(r"`$` (the end of a line); the end of the text is `\z`")),
            Some('*' | '+' | '?' | '{') => Err(unreadable("a repetition of nothing")),
            Some(letter) => Ok(Node::of(self.letter(letter))),
            None => Err(unreadable("an end too early")),
        }
    }

    /// Whether a `$` here ends all that is matched.
    fn is_end(&self) -> bool {
        let nothing = self.letters[self.at..].iter().all(|&letter| letter == ')');
        let plain = !self.flags.lines && !self.flags.unix_lines;
        let here = match self.ends {
            Ends::Nowhere => false,
            Ends::OutsideGroups => self.depth == 0,
            Ends::Anywhere => true,
        };
        here && plain && (nothing || self.depth == 0 && self.peek() == Some('|'))
    }

    /// A letter that stands for itself.
    fn letter(&self, letter: char) -> String {
        match self.flags.any_case && letter.is_ascii_alphabetic() {
            true => format!("[{}{}]", letter.to_ascii_lowercase(), letter.to_ascii_uppercase()),
            false => escape::literal(letter),
        }
    }

    /// What follows a `(`.
    fn group(&mut self) -> Result<Node, String> {
        let before = self.flags;
        let mut counted = true;
        if self.eat('?') {
            counted = self.peek() == Some('<');
            let kind = [self.peek(), self.ahead(1)];
            match kind {
                [Some(':'), _] => self.at += 1,
                [Some('=' | '!'), _] | [Some('<'), Some('=' | '!')] => {
                    return Err(without("look-around: `(?=`, `(?!`, `(?<=` or `(?<!`"));
                }
                [Some('>'), _] => return Err(without("an atomic group `(?>`")),
                [Some('<'), _] => {
                    while self.next().ok_or_else(|| unreadable("a group without a name"))? != '>' {}
                }
                _ => {
                    if self.flags()? {
                        return Ok(Node::nothing(""));
                    }
                }
            }
        }
        let inner = self.alternatives()?;
        if !self.eat(')') {
            return Err(unreadable("a `(` without `)`"));
        }
        self.flags = before;
        let open = if counted && self.groups { "(" } else { "(?:" };
        Ok(Node { text: format!("{open}{})", inner.text), empty: inner.empty })
    }

    /// Flags up to `:` or `)`; whether they hold for the rest of the group that they stand in.
    fn flags(&mut self) -> Result<bool, String> {
        let mut on = true;
        loop {
            match self.next() {
                Some('-') => on = false,
                Some('i') => self.flags.any_case = on,
                Some('s') => self.flags.dot_all = on,
                Some('d') => self.flags.unix_lines = on,
                Some('m') => self.flags.lines = on,
                Some(other @ ('u' | 'x' | 'U')) => return Err(without(&format!("the flag `{other}`"))),
                Some(':') => return Ok(false),
                Some(')') => return Ok(true),
                _ => return Err(unreadable("a `(?` that opens no group")),
            }
        }
    }

    /// The atom with what repeats it.
    fn repeated(&mut self, atom: Node) -> Result<Node, String> {
        let (mut times, least) = match self.peek() {
            Some('*') => ("*".to_owned(), 0),
            Some('+') => ("+".to_owned(), 1),
            Some('?') => ("?".to_owned(), 0),
            Some('{') => self.counts()?,
            _ => return Ok(atom),
        };
        if !times.starts_with('{') {
            self.at += 1;
        }
        if atom.empty && times != "?" || atom.text.is_empty() {
            return Err(without("a repetition of what may match nothing"));
        }
        if atom.text.contains(escape::LINE_BREAK) {
            return Err(without(r"a repetition of `\R`"));
        }
        if self.eat('?') {
            times.push('?');
        }
        match self.peek() {
            Some('+') => Err(without("possessive repetition: `*+`, `++`, `?+` or `}+`")),
            Some('*' | '?' | '{') => Err(without("a repetition of a repetition")),
            _ => Ok(Node { text: atom.text + &times, empty: atom.empty || least == 0 }),
        }
    }

    /// A repetition in braces, and how often it repeats at least.
    fn counts(&mut self) -> Result<(String, u32), String> {
        self.at += 1;
        let broken = || unreadable("a `{` without counts");
        let least = self.number().ok_or_else(broken)?;
        let mut text = format!("{{{least}");
        if self.eat(',') {
            text.push(',');
            if let Some(most) = self.number() {
                if most < least {
                    return Err(unreadable("counts in braces that do not ascend"));
                }
                text.push_str(&most.to_string());
            }
        }
        if !self.eat('}') {
            return Err(broken());
        }
        Ok((text + "}", least))
    }

    fn number(&mut self) -> Option<u32> {
        let start = self.at;
        while self.peek().is_some_and(|letter| letter.is_ascii_digit()) {
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect::<String>().parse().ok()
    }
}

#[cfg(test)]
mod tests;
