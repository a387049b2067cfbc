"""The duty to answer: which posts are questions to us, when an answer is due, who took it and what came of it."""
