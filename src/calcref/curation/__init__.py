"""The side of the clinician who edits the knowledge: checked, written in one form, filled in, and found thin."""
