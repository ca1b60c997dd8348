"""What hears, writes, ranks and speaks. One Protocol a kind (base.py), one file a vendor."""
