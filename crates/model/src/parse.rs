//! Parsing texts of source files into values, or saying why not. (See the packs page of the guide.)
