"""From what the user names to the documents to be read: files, folders, archives, addresses."""
