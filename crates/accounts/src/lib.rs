//! People who use a book through its server: who they are, how they sign in, what they may do, and
//! what they did. It knows no business word, no HTTP and no clock; what the company's ledger holds
//! is none of its business, and nothing of it enters the ledger.
