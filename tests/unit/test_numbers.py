"""The numbers of the code, a second time and with their reasons: one that is changed by mistake is noticed.

Behaviour at a limit is tested where the limit is used; here is that the limit is the right one.
"""

import importlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

MIB = 1024 * 1024
DAY = 24 * 3600

# By the reason: the module, and its constants with their values.
NUMBERS: dict[str, dict[str, dict[str, Any]]] = {
    "Rekognition's limits of a photo in S3 (docs.aws.amazon.com/rekognition/latest/dg/limits.html)": {
        "imagelabels_shared.images.limits": {"MAX_BYTES": 15 * MIB, "MIN_SIDE_PX": 80, "MAX_SIDE_PX": 10_000},
    },
    "Custom Labels' limits of a photo (docs.aws.amazon.com/rekognition/latest/customlabels-dg/limits.html)": {
        "imagelabels_shared.images.limits": {"CUSTOM_SIDE_PX": 4096, "CUSTOM_RATIO": 20},
    },
    "the memory of NormalizeImage: 2,600 MiB of 3,008": {
        "imagelabels_shared.images.limits": {"MAX_PIXELS": 200_000_000, "MAX_ORIGINAL_BYTES": 128 * MIB},
        "normalize_image.pillow_reader": {"MAX_PIXELS_OF_MANY": 100_000_000},
        "normalize_image.sandbox": {"BOUNDS": (60, 2600 * MIB, 256 * MIB)},
    },
    "no camera makes more; only what wants to keep a decoder busy does": {
        "imagelabels_shared.images.jpeg_markers": {"MAX_SCANS": 64, "FRAME_BYTES": 8},
        "imagelabels_shared.images.png_chunks": {"MAX_TEXT_BYTES": 256 * 1024, "MAX_PROFILE_BYTES": 8 * MIB},
        "validate_image.content": {"MAX_BRANDS_BYTES": 512},
        "validate_image.unsupported_formats": {"TEXT_BYTES": 2048},
        "normalize_image.raw_preview": {"MIN_PREVIEW_PX": 640, "MOST_CANDIDATES": 64, "TIFF_HEADER_BYTES": 8},
    },
    "what ValidateImage reads of a photo: enough for its metadata": {
        "validate_image.s3_bytes": {"HEAD_BYTES": 192 * 1024, "TAIL_BYTES": 64 * 1024},
    },
    "ITU T.81, table B.1; TIFF 6.0; BMP; ICC.1: what the formats say": {
        "imagelabels_shared.images.jpeg_markers": {
            "START": 0xD8,
            "END": 0xD9,
            "SCAN": 0xDA,
            "COMMENT": 0xFE,
            "NOTES": range(0xE0, 0xF0),
            "FRAMES": {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7},
        },
        "normalize_image.jpeg": {
            "DECODED": {0xC0, 0xC1, 0xC2, 0xC3, 0xC9, 0xCA},
            "RARE": {0xC3: "lossless", 0xC9: "arithmetic", 0xCA: "arithmetic"},
            "PROGRESSIVE": {0xC2, 0xCA},
            "JPEG_LS": 0xF7,
            "BITS": 8,
            "COEFFICIENTS": 64,
            "PADDINGS": (b"\0" * 4096, b"\x55" * 4096),
        },
        "validate_image.rules": {"PLAIN_FRAMES": {0xC0, 0xC1, 0xC2}, "PLAIN_DEPTH": 8, "PNG_DEPTH": 24},
        "normalize_image.raw_preview": {"PREVIEW_FRAMES": {0xC0, 0xC1, 0xC2}, "PREVIEW_BITS": 8},
        "normalize_image.png": {"DEPTH": 24, "DEEP": 16},
        "normalize_image.bmp": {
            "PIXELS": 10,
            "SIDES": 18,
            "KIND": 28,
            "MASKS": 54,
            "BITFIELDS": 3,
            "ALPHA_BITFIELDS": 6,
            "TOP_DOWN": 1,
            "BOTTOM_UP": -1,
            "BYTE": 255,
            "RAW_MODES": {16: ("I;16", "I;16"), 32: ("I", "I;32")},
        },
        "validate_image.content": {"BMP_HEADERS": (12, 40, 52, 56, 64, 108, 124)},
        "validate_image.colour_profile": {
            "HEADER_BYTES": 128,
            "SIZE": slice(0, 4),
            "SPACE": slice(16, 20),
            "SIGNATURE": slice(36, 40),
        },
        "normalize_image.tiff": {
            "SUBFILE_TYPE": 254,
            "BITS": 258,
            "COMPRESSION": 259,
            "PHOTOMETRIC": 262,
            "SUBFILES": 330,
            "SAMPLE_FORMAT": 339,
            "DNG_VERSION": 50706,
            "REDUCED": 1,
            "PALETTE": 3,
            "CMYK": 5,
            "CFA": 32803,
            "LINEAR_RAW": 34892,
            "FLOAT": 3,
            "COMPLEX": (5, 6),
            "BYTE_BITS": 8,
            "DOUBLE_BITS": 64,
            "WORKING": {1, 2, 3, 4, 5, 7, 8, 32773, 32946, 34925, 50000, 50001},
        },
        "normalize_image.jpeg2000": {"COLOUR_BANDS": 3, "ENTRY_BYTES": 6, "COLOUR": 0},
        "imagelabels_shared.images.decoding": {"UPRIGHT": 1},
    },
    "a value of a deep picture goes up to here": {
        "normalize_image.deep": {
            "BYTE": 255,
            "COLOUR_BANDS": 3,
            "SAMPLES": 250_000,
            "FULL": {"uchar": 255.0, "ushort": 65_535.0, "uint": 4_294_967_295.0},
        },
        "normalize_image.pixels": {"BYTE": 255, "DEEP_VALUES": 65_536, "DEEP_FULL": 65_535.0, "SAMPLED_SIDE": 500},
        "normalize_image.hdr": {"BYTE": 255, "LINEAR": 0.0031308, "PQ": 16, "HLG": 18, "BT2020": 9},
    },
    "what a copy looks like": {
        "normalize_image.encoding": {"QUALITIES": (92, 85, 75), "MARGIN": 0.95},
    },
    "what a person can see on a picture in a mail": {
        "imagelabels_shared.images.drawing": {
            "LEAST_LINE_PX": 3,
            "LEAST_TEXT_PX": 15,
            "MARGIN_PX": 3,
            "NAMES_CHARACTERS": 60,
            "QUALITY": 85,
        },
        "send_digest.picture": {
            "LONGEST_SIDE_PX": 640,
            "MOST_BOXES": 30,
            "BOUNDS": (5, 1700 * MIB, 4 * MIB),
        },
    },
    "the kernel's own: linux/capability.h, linux/prctl.h, linux/seccomp.h, linux/bpf_common.h, linux/sched.h": {
        "imagelabels_shared.sandbox.confinement": {"CAPABILITIES_VERSION": 0x20080522},
        "imagelabels_shared.sandbox.parent": {"PR_SET_DUMPABLE": 4},
        "imagelabels_shared.sandbox.seccomp": {
            "ARCHITECTURES": {"x86_64": 0xC000003E, "aarch64": 0xC00000B7},
            "PR_SET_NO_NEW_PRIVS": 38,
            "SET_MODE_FILTER": 1,
            "ALL_THREADS": 1,
            "ALLOW": 0x7FFF0000,
            "REFUSE": 0x00050000,
            "CLONE_THREAD": 0x10000,
            "NUMBER": 0,
            "ARCHITECTURE": 4,
            "FIRST_ARGUMENT": 16,
            "LOAD": 0x20,
            "EQUAL": 0x15,
            "AT_LEAST": 0x35,
            "ANY_BIT": 0x45,
            "RETURN": 0x06,
        },
        "imagelabels_shared.sandbox.syscalls": {
            "SECCOMP": (317, 277),
            "CLONE": (56, 220),
            "CLONE3": (435, 435),
            "X32": 0x40000000,
        },
    },
    "a confined process says a few sentences, and has few threads": {
        "imagelabels_shared.sandbox.confinement": {"MORE_THREADS": 256},
        "imagelabels_shared.sandbox.child": {"WORDS_CHARACTERS": 400},
        "imagelabels_shared.sandbox.parent": {"MAX_ANSWER_BYTES": 16 * 1024, "LOG_BYTES": 3000},
    },
    "what the archive keeps of a text that somebody else wrote": {
        "archive_audit.bounds": {
            "MOST_TEXT": 1000,
            "MOST_NAME": 256,
            "MOST_LABELS": 100,
            "MOST_NUMBER": 10**15,
            "MOST_IDENTITY": 512,
            "HEAD": 64,
        },
    },
    "a key of S3 has at most 1,024 bytes; a sentence of ours has less than 1,100 characters": {
        "imagelabels_shared.execution_input": {"MOST_BYTES": 1024},
        "imagelabels_shared.text": {"MOST_CHARACTERS": 1100},
    },
    "a mail: SNS takes subjects of less than 100 characters, and 256 KiB; the rest is what one reads": {
        "imagelabels_shared.report.subject": {"MAX_CHARACTERS": 99, "MAX_LABELS": 3, "MAX_LABEL_CHARACTERS": 60},
        "imagelabels_shared.report.words": {"KIB": 1024, "ALMOST_SURE": 99, "FULLY_SURE": 100},
        "imagelabels_shared.report.text": {"RULE": "-" * 40},
        "send_digest.digest": {"MAX_BYTES": 250_000, "NAME_CHARACTERS": 70, "REASON_CHARACTERS": 200},
        "send_digest.mails": {"FEW": 4},
        "send_digest.text_message": {"MOST_GSM": 140, "MOST_UCS2": 70, "NAME_CHARACTERS": 50},
    },
    "two functions mail at a time, six mails a second at most; a picture may take eight seconds": {
        "send_digest.handler": {"PAUSE_SECONDS": 0.5, "PICTURE_SECONDS": 8, "MAIL_SECONDS": 2},
    },
    "attempts and waits that fit into a function's timeout": {
        "imagelabels_shared.turns.item": {"ATTEMPTS": 4},
        "remove_labels.handler": {"ATTEMPTS": 3},
        "check_subscriptions.patience": {"PAUSES_SECONDS": (1, 2, 4, 8, 16)},
        "imagelabels_shared.aws_errors": {"SERVER_FAULT": 500},
    },
    "turns: calls two seconds early at most, a little slower than the limit; 500 turns of nine events each": {
        "imagelabels_shared.turns.schedule": {
            "SECOND": 1_000_000,
            "TURNS_PACE": 0.98,
            "CALLS_PACE": 0.99,
            "PATIENCE": 2_000_000,
            "MOST_DECREASE": 0.1,
            "INCREASE": 0.02,
            "LEAST": 0.1,
        },
        "detect_labels.pacing": {
            "MILLISECOND": 1000,
            "NEAR": 1_000_000,
            "AFTER_THROTTLE": 1_000_000,
            "MOST_TURNS": 500,
        },
        "detect_labels.summary": {"MAX_RELATED": 10},
    },
    "what is told twice is told within three days; a run is archived for 90": {
        "imagelabels_shared.table.claims": {"WINDOW_SECONDS": 3 * DAY},
        "start_photos.progress": {"KEPT_SECONDS": 90 * DAY},
        "start_photos.executions": {"THREADS": 10},
    },
    "runs over a library: DynamoDB reads 100 items at once; names of executions have 80 characters": {
        "imagelabels_shared.library": {"PER_SECOND": 5.0, "MOST_AT_ONCE": 100, "RUN_CHARACTERS": 47},
        "imagelabels.backfill.runs": {"MOST_IN_MEMORY": MIB, "MOST_FROM_HERE": 1000},
        "imagelabels.stack.bulk_reads": {"BATCH": 100},
    },
    "a screen, a page of ListExecutions, and how many requests go at once": {
        "imagelabels.stack.executions": {"MOST_DESCRIBED": 100, "THREADS": 8, "PAGE": 1000},
        "imagelabels.stack.follow": {"PAUSE_SECONDS": 0.25, "PAUSE_ON_AWS_SECONDS": 2},
        "imagelabels.stack.spelling": {"MOST_SPELLINGS": 32},
        "imagelabels.stack.local_lock": {"PATIENCE_SECONDS": 0.2},
        "imagelabels.operations.external_sort": {"ROWS_IN_MEMORY": 10_000},
    },
    "S3 takes five minutes for a new notification, and a stack ten to be made": {
        "imagelabels.stack.notifications": {
            "NOTIFICATIONS_TAKE": timedelta(minutes=5),
            "CREATION_TAKES": timedelta(minutes=10),
        },
    },
    "dead letters are away for a minute while they are listed; a poll of a second asks all servers of SQS": {
        "imagelabels.operations.dead_letters": {"LISTING_SECONDS": 60, "WAIT_SECONDS": 1},
        "imagelabels.operations.doctor.messages": {"DEAD_LETTERS": ("DeadLetter", "Undelivered")},
        "imagelabels.operations.doctor.trial_photo": {"SIDE_PX": 256, "PAUSE_SECONDS": 0.5, "NEWEST": 100},
    },
    "every subscription lets one of these through": {
        "check_subscriptions.mail": {"OUTCOMES": ["FAILED", "LABELLED", "REJECTED"]},
    },
    "the claim and the archived run": {"imagelabels.costs.usage": {"UNITS_WITHOUT_LABELS": 2, "MB_OF_A_GB": 1024}},
}


def numbers() -> Iterator[tuple[str, str, Any, str]]:
    for reason, modules in NUMBERS.items():
        for module, constants in modules.items():
            for name, value in constants.items():
                yield module, name, value, reason


@pytest.mark.parametrize(
    ("module", "name", "value", "reason"), [pytest.param(*one, id=f"{one[0]}.{one[1]}") for one in numbers()]
)
def test_a_number_is_what_its_reason_says(module: str, name: str, value: Any, reason: str) -> None:
    found = getattr(importlib.import_module(module), name)
    assert found == value, reason
