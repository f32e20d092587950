"""Rendered people: the synthetic motions of `deepfit_nb.training` on CC0 bodies, filmed, and seen by MediaPipe itself.

What `deepfit_nb.training.imitated_detector` can only imitate is here the real one's.
"""
