use proc_macro2::TokenStream;

use super::{Code, Problem};

/// Collects the problems of one item.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    problems: Vec<Problem>,
}

impl Sink {
    pub(crate) fn push(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Returns the value of `result`, or puts its problem into the sink.
    pub(crate) fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.push(problem)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Returns whether there are problems, and all have this code.
    pub(crate) fn has_only(&self, code: Code) -> bool {
        !self.is_empty() && self.problems.iter().all(|problem| problem.code() == code)
    }

    /// Returns the only problem.
    pub(crate) fn only(self) -> Option<Problem> {
        let mut problems = self.problems.into_iter();
        problems.next().filter(|_| problems.next().is_none())
    }

    /// Returns all problems as `compile_error!` calls, each on its own span, or `None` if there are no problems.
    pub(crate) fn into_error(self) -> Option<TokenStream> {
        let errors = self.problems.iter().map(Problem::to_error);
        let all = errors.reduce(|mut all, next| {
            all.combine(next);
            all
        });
        all.map(|error| error.to_compile_error())
    }

    /// Returns the problems as the compiler prints them.
    #[cfg(test)]
    pub(crate) fn texts(&self) -> Vec<String> {
        self.problems.iter().map(Problem::text).collect()
    }

    /// Returns the codes of the problems, in order.
    #[cfg(test)]
    pub(crate) fn codes(&self) -> Vec<Code> {
        self.problems.iter().map(Problem::code).collect()
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{Code, Sink};
    use crate::diag::problem;

    #[test]
    fn nothing_pushed_is_no_error() {
        assert!(Sink::default().into_error().is_none());
    }

    #[test]
    fn every_problem_is_one_compile_error() {
        let mut sink = Sink::default();
        assert_eq!(sink.keep(Ok(1)), Some(1));
        assert_eq!(sink.keep::<u8>(Err(problem(quote!(a), Code::NotAsync, "first"))), None);
        sink.push(problem(quote!(b), Code::NoBody, "second"));
        assert_eq!(sink.codes(), [Code::NotAsync, Code::NoBody]);
        assert!(!sink.is_empty());
        let tokens = sink.into_error().unwrap().to_string();
        assert_eq!(tokens.matches("compile_error !").count(), 2, "{tokens}");
    }
}
