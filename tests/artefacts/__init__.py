"""Each built function runs with boto3, the layer and nothing else."""
