-- What is known of a customer, as `audience=vip,product=wallet`; empty: nothing.
ALTER TABLE customer ADD COLUMN facts TEXT NOT NULL DEFAULT '';
