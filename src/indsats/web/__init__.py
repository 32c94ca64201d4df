"""The server: the record in a database, rights, and the screens of those who run a programme."""
