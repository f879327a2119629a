-- The seq of the record from which folding is enough; 0: all records are needed.
ALTER TABLE conversation ADD COLUMN fold_from INTEGER NOT NULL DEFAULT 0;
