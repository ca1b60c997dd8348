"""HTTP beside the pages: uploads, sound, downloads, and the guard before everything."""
