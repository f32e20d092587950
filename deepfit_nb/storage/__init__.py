"""What is kept: the session file, the table of frames, and the history of workouts."""

from deepfit_nb.storage.frames import frame_table, save_frames
from deepfit_nb.storage.history import History
from deepfit_nb.storage.session import Provenance, Session

__all__ = ["History", "Provenance", "Session", "frame_table", "save_frames"]
