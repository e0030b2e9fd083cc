"""What a translation will do, told from two mappings and contracts alone, without any order."""
