"""Rendered people: the synthetic motions of `deepfit_nb.training` on CC0 bodies, filmed, and seen by MediaPipe itself.

What the made-up detector of `deepfit_nb.training.detector` can only imitate is here the real one's.
"""
