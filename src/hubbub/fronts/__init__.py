"""What a person looks at. Each front talks to a hub through `hubbub.client` alone.

Nothing of the server may enter this package.
"""
