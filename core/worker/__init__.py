"""The one process of a machine that does the long work: durable workflows, their queues, their
supervision."""
