"""The stack deployed on AWS and destroyed, with the command line of the AWS CDK."""
