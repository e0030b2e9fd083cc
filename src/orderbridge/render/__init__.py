"""Problems and findings turned into what people and programs read: one module per output format."""
