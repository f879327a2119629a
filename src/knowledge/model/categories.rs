//! The categories of a root: a tree of any shape.

/// What entries may be about, as a tree.
///
/// # Examples
///
/// ```
/// use kefu::knowledge::Industry;
///
/// let industry = Industry::shipped();
/// let payment = industry.categories.get("payment").expect("a shipped category");
/// assert_eq!(payment.name, "支付");
/// assert_eq!(industry.categories.with_parents("payment"), ["payment"]); // it has no parent
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories {
    /// Each before its children.
    nodes: Vec<Category>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// By which entries name it; no other category of the root has it.
    pub id: String,
    /// For people, Chinese.
    pub name: String,
    /// The id of the category that this one is a part of.
    pub parent: Option<String>,
}

impl Categories {
    /// `nodes` come each before its children, and no id twice.
    pub(crate) fn new(nodes: Vec<Category>) -> Self {
        Self { nodes }
    }

    /// All of them, each before its children.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.nodes.iter()
    }

    /// Their ids, in that order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().map(|category| category.id.as_str())
    }

    /// The category of that id.
    pub fn get(&self, id: &str) -> Option<&Category> {
        self.nodes.iter().find(|category| category.id == id)
    }

    /// A category and what it is a part of, from the top of the tree down: empty for an id
    /// that no category has.
    pub fn with_parents(&self, id: &str) -> Vec<&str> {
        let upwards = std::iter::successors(self.get(id), |child| self.get(child.parent.as_ref()?));
        let mut path: Vec<&str> = upwards.map(|category| category.id.as_str()).collect();
        path.reverse();
        path
    }

    /// The ids, as they are listed in a message.
    pub fn listed(&self) -> String {
        self.ids().collect::<Vec<_>>().join("、")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_a_part_of_those_above_it() {
        let category = |id: &str, parent: Option<&str>| Category {
            id: id.to_owned(),
            name: id.to_owned(),
            parent: parent.map(str::to_owned),
        };
        let categories = Categories::new(vec![
            category("car", None),
            category("claim", Some("car")),
            category("photo", Some("claim")),
            category("life", None),
        ]);
        assert_eq!(categories.with_parents("photo"), ["car", "claim", "photo"]);
        assert_eq!(categories.with_parents("life"), ["life"]);
        assert!(categories.with_parents("home").is_empty());
        assert_eq!(categories.listed(), "car、claim、photo、life");
    }
}
