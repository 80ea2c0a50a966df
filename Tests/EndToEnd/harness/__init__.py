"""What the end-to-end tests drive the gateway with: processes, HTTP/2 from outside, a vendor that misbehaves.

Nothing here knows anything of the product's inside.
"""
