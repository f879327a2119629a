//! Tells of which class a text is, by weights that were fitted on sentences.

mod fit;
mod model;

pub(crate) use fit::{LabelledText, fit_classifier};
pub(crate) use model::{ClassLikelihood, Classifier, FeatureRow, SeenFeature, parts};
