"""The nouns: section tree, finding, principle, and the files of a build."""
