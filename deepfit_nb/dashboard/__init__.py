"""What is seen: the live trainer, the review of a clip, and the look they share."""
