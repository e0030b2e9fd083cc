"""The rules that mappings are held against: what means something, and is unwise or forgets a part of the contract."""
