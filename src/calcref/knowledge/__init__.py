"""The knowledge base: its shape, its file and index, its checks, its names, and the search through it."""
