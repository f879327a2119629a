//! Numbers of the operator, such as orders, that are never personal.

/// A kind of numbers that the operator gives out, from `knowledge/ids.yaml`: an order number, a
/// contract number.
///
/// Masking uses its prefixes and length alone. `id` and `name` are for the dialogue, which does not
/// read them yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredId {
    /// The id of the kind, such as `order`.
    pub id: String,
    /// The name that customers read, such as 订单号.
    pub name: String,
    /// The characters with which each number begins: digits and upper-case letters.
    pub prefixes: Vec<String>,
    /// The length of a number in characters, prefix included: the least and the most.
    pub length: (usize, usize),
}

/// All kinds of numbers that the operator declared.
///
/// A number that fits one of them is left as it is, even if it has the check digit of a card.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredIds {
    ids: Vec<DeclaredId>,
}

impl DeclaredIds {
    /// Takes the kinds in the order of the file.
    pub fn new(ids: Vec<DeclaredId>) -> Self {
        Self { ids }
    }

    /// The kinds in the order of the file.
    pub fn ids(&self) -> &[DeclaredId] {
        &self.ids
    }

    /// The kind that a number fits. Letters must be upper-case, without separators.
    pub fn find(&self, number: &str) -> Option<&DeclaredId> {
        let length = number.chars().count();
        self.ids.iter().find(|id| {
            (id.length.0..=id.length.1).contains(&length)
                && id.prefixes.iter().any(|prefix| number.starts_with(prefix.as_str()))
        })
    }
}
