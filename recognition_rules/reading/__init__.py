"""From the text of a pack to a `Pack`: strict TOML, readers of each table, complaints with file and line."""
