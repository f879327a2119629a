//! What is wrong with the files of an evaluation.

/// Why queries or predictions cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// A line of the queries is not what it should be.
    #[error("read line {line} of the queries: {what}")]
    Query {
        /// From 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// The file of queries holds none.
    #[error("read the queries: there are none")]
    NoQueries,
    /// A line of the predictions is not what it should be, or is about no query.
    #[error("read line {line} of the predictions: {what}")]
    Prediction {
        /// From 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// Queries without a prediction.
    #[error(
        "pair queries and predictions: {count} queries have no prediction, the first is {qid} on \
         line {line} of the queries"
    )]
    Unpredicted {
        /// How many.
        count: usize,
        /// The name of the first, as JSON.
        qid: String,
        /// Its line, from 1.
        line: usize,
    },
}
