"""DeepFit Notebook: a personal trainer that lives in a Jupyter notebook.

The rooms, in the order in which they may import one another:
``pose`` → ``kinematics`` → ``recognition`` → ``coaching`` → ``storage`` → ``capture`` → ``dashboard``;
``training`` makes the models and is the only room that imports TensorFlow.
"""

__version__ = "0.16.0"
