"""`make soak`: the real service, killed again and again while people edit."""
