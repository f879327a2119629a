//! The three kinds of terms that texts are compared by.

/// The kind of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TermKind {
    /// Words, without stop words.
    Words,
    /// N-grams: characters and pairs of characters.
    Ngrams,
    /// Syllables and pairs of syllables.
    Sounds,
}

/// One value for each kind of term.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Kinds<T> {
    pub(crate) words: T,
    pub(crate) ngrams: T,
    pub(crate) sounds: T,
}

impl<T> Kinds<T> {
    pub(crate) fn get(&self, kind: TermKind) -> &T {
        match kind {
            TermKind::Words => &self.words,
            TermKind::Ngrams => &self.ngrams,
            TermKind::Sounds => &self.sounds,
        }
    }

    pub(crate) fn as_ref(&self) -> Kinds<&T> {
        Kinds { words: &self.words, ngrams: &self.ngrams, sounds: &self.sounds }
    }

    pub(crate) fn as_mut(&mut self) -> Kinds<&mut T> {
        Kinds { words: &mut self.words, ngrams: &mut self.ngrams, sounds: &mut self.sounds }
    }

    pub(crate) fn map<R>(self, mut make: impl FnMut(T) -> R) -> Kinds<R> {
        Kinds { words: make(self.words), ngrams: make(self.ngrams), sounds: make(self.sounds) }
    }

    pub(crate) fn zip<O>(self, other: Kinds<O>) -> Kinds<(T, O)> {
        Kinds {
            words: (self.words, other.words),
            ngrams: (self.ngrams, other.ngrams),
            sounds: (self.sounds, other.sounds),
        }
    }
}

impl<A, B> Kinds<(A, B)> {
    pub(crate) fn unzip(self) -> (Kinds<A>, Kinds<B>) {
        let Self { words, ngrams, sounds } = self;
        (
            Kinds { words: words.0, ngrams: ngrams.0, sounds: sounds.0 },
            Kinds { words: words.1, ngrams: ngrams.1, sounds: sounds.1 },
        )
    }
}

impl<T, E> Kinds<Result<T, E>> {
    pub(crate) fn transpose(self) -> Result<Kinds<T>, E> {
        Ok(Kinds { words: self.words?, ngrams: self.ngrams?, sounds: self.sounds? })
    }
}
