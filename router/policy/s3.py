"""
A policy's object in S3, and what is in the way of it in an operator's words.

Whoever reads needs s3:GetObject on this one object, whoever writes s3:PutObject as well.
"""

from router.errors import BucketFailed, PolicyAbsent, PolicyChanged, PolicyError, PolicyUnreachable
from router.policy.place import Place
from router.policy.source import MAX_BYTES
from router.s3 import S3Bucket, Written

ABSENT = {"404", "NoSuchKey"}
FORBIDDEN = {"403", "AccessDenied"}
CONFLICT = {"409", "412", "ConditionalRequestConflict", "PreconditionFailed"}
SIGN_IN = "run `aws sso login`, or renew what the profile names"
ELSEWHERE = "the bucket is in another region: set AWS_REGION to that"
UNHEARD = "look at the network, HTTPS_PROXY and AWS_ENDPOINT_URL_S3"
HINTS = {
    "AuthorizationHeaderMalformed": ELSEWHERE,
    "ConnectTimeoutError": UNHEARD,
    "EndpointConnectionError": UNHEARD,
    "ExpiredToken": SIGN_IN,
    "InvalidAccessKeyId": "AWS does not know this access key: set AWS_PROFILE, or another key",
    "NoCredentialsError": "there are no AWS credentials: run `aws sso login` and set AWS_PROFILE",
    "NoSuchBucket": "there is no such bucket",
    "PartialCredentialsError": "half of the AWS credentials is missing: set the access key with its secret",
    "PermanentRedirect": ELSEWHERE,
    "ProfileNotFound": "AWS_PROFILE names none of your profiles: `aws configure list-profiles` shows them",
    "SSOTokenLoadError": SIGN_IN,
    "SignatureDoesNotMatch": "the secret does not belong to the access key: set AWS_PROFILE, or both anew",
    "TokenRetrievalError": SIGN_IN,
    "UnauthorizedSSOTokenError": SIGN_IN,
}


class S3Object:
    """One object."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._bucket = S3Bucket(place.bucket)

    def read(self, seconds: float, *, unlike: str = "") -> Written | None:
        """
        Return what lies there; None where it still has the ETag `unlike`.

        Raises PolicyError where it cannot be read, which is PolicyUnreachable where it might be later.
        """
        try:
            return self._bucket.get(self._place.key, seconds, most=MAX_BYTES + 1, unlike=unlike)
        except BucketFailed as failed:
            raise self._refused(failed.code, "s3:GetObject") from None

    def write(self, seconds: float, data: bytes, *, over: str) -> str:
        """
        Write this over what has the ETag `over`, or where there is nothing if that is empty; return the ETag.

        Raises PolicyChanged where something else lies there by now; otherwise what `read` raises.
        """
        condition = {"IfMatch": over} if over else {"IfNoneMatch": "*"}
        content = {"ContentType": "application/yaml"}
        try:
            return self._bucket.put(self._place.key, data, seconds, **content, **condition)
        except BucketFailed as failed:
            if failed.code in CONFLICT | ABSENT:  # absent: where it was to be written over
                said = f"{self._place}: somebody else has changed it since it was read here"
                raise PolicyChanged(said) from None
            raise self._refused(failed.code, "s3:PutObject") from None

    def _refused(self, code: str, permission: str) -> PolicyError:
        if code in ABSENT:
            hint = f"publish one: python -m router publish POLICY {self._place}"
            return PolicyAbsent([f"{self._place}: there is no such object: {hint}"])
        if code in FORBIDDEN:
            hint = (
                f"allow {permission} on it, or see whether it is there: S3 hides that from who may not list"
            )
            return PolicyError([f"{self._place}: access denied: {hint}"])
        hint = f": {HINTS[code]}" if code in HINTS else ""
        return PolicyUnreachable([f"{self._place}: cannot be reached: {code}{hint}"])
