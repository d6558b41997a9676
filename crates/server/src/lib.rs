//! The door for browsers and programs: HTTP, the API's routes and its description, the application.
//! It knows how a request becomes a question or an act and how an answer becomes bytes; it counts
//! nothing, and what a viewer may do it asks of `accounts`.
