"""What Rekognition DetectLabels takes from S3: docs.aws.amazon.com/rekognition/latest/dg/limits.html."""

MAX_BYTES = 15 * 1024 * 1024
MIN_SIDE_PX = 80
MAX_SIDE_PX = 10_000
