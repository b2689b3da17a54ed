"""The process that has the data: its server, the sessions of its viewers, the sources it keeps open."""
