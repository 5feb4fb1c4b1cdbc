"""What Rekognition saw in a photo: its answer, and its boxes drawn on a copy."""
