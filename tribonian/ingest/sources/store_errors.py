"""What the errors of a store mean, in our own words: what it says itself may hold a key."""

from __future__ import annotations

import socket

NO_HOST = "The host of {shown} is not known; check its spelling and the network."
_CREDENTIALS = (
    "There are no credentials for {shown}, and it is not public; set those of the store (for S3, "
    "AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)."
)
_REFUSED = "The store does not accept the credentials for {shown}; renew them."
_FORBIDDEN = "You have no permission to read {shown}; ask its owner, or use other credentials."
_NO_BUCKET = "There is no such bucket as in {shown}; check its name and the account."
_NOTHING = "There is nothing at {shown}; check the address."
_REGION = "{shown} is in another region; set AWS_REGION to that of the bucket."
_SILENT = "The store of {shown} cannot be reached; check the address and the network."

# The error codes of S3 (Amazon S3 API Reference, "Error responses") and FTP (RFC 959).
_BY_CODE = {
    "NoSuchBucket": _NO_BUCKET,
    "InvalidBucketName": "{shown} has no name of a bucket; check it.",
    "InvalidAccessKeyId": _REFUSED, "SignatureDoesNotMatch": _REFUSED, "ExpiredToken": _REFUSED,
    "InvalidToken": _REFUSED, "TokenRefreshRequired": _REFUSED, "InvalidSecurity": _REFUSED,
    "RequestTimeTooSkewed": "The store refuses {shown}, because the clock of this machine is "
                            "wrong; set it.",
    "PermanentRedirect": _REGION, "AuthorizationHeaderMalformed": _REGION, "301": _REGION,
    "IllegalLocationConstraintException": _REGION,
    "InvalidObjectState": "{shown} is in an archive of its store; have it restored first.",
    "AccessDenied": _FORBIDDEN, "403": _FORBIDDEN, "401": _CREDENTIALS, "530": _CREDENTIALS,
    "550": _NOTHING,
}  # fmt: skip
# Errors of packages that are not imported here, by the names of their classes.
_BY_NAME = {
    "NoCredentialsError": _CREDENTIALS, "PartialCredentialsError": _CREDENTIALS,
    "CredentialRetrievalError": _CREDENTIALS, "ProfileNotFound": _CREDENTIALS,
    "TokenRetrievalError": _REFUSED, "SSOTokenLoadError": _REFUSED,
    "UnauthorizedSSOTokenError": _REFUSED,
    "ParamValidationError": _BY_CODE["InvalidBucketName"],
    "DefaultCredentialsError": _CREDENTIALS, "RefreshError": _REFUSED,
    "ClientAuthenticationError": _REFUSED, "CredentialUnavailableError": _CREDENTIALS,
    "ResourceNotFoundError": _NOTHING,
    "AuthenticationException": _REFUSED, "SSHException": _SILENT,
    "NoValidConnectionsError": _SILENT,
    "EndpointConnectionError": _SILENT, "ConnectTimeoutError": _SILENT,
    "ReadTimeoutError": _SILENT, "ConnectionClosedError": _SILENT, "SSLError": _SILENT,
    "FSTimeoutError": _SILENT, "ServiceRequestError": _SILENT, "ClientConnectorError": _SILENT,
}  # fmt: skip


def sentence_for(error: BaseException, shown: str, anonymous: bool = False) -> str:
    """What an error of a store means, without a word of what the store said."""
    meant = _meant(error, shown)
    return (_CREDENTIALS if anonymous and meant == _FORBIDDEN else meant).format(shown=shown)


def _meant(error: BaseException, shown: str) -> str:
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__
    codes = [code for each in reversed(chain) for code in [_code(each)] if code]
    for code in codes:
        if code in _BY_CODE:
            return _BY_CODE[code]
    for each in chain:
        for kind in type(each).__mro__:
            if kind.__name__ in _BY_NAME:
                return _BY_NAME[kind.__name__]
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        is_bucket = "/" not in shown.partition("://")[2].rstrip("/")
        return _NO_BUCKET if is_bucket else _NOTHING
    if isinstance(error, PermissionError):
        return _FORBIDDEN
    if isinstance(error, socket.gaierror):
        return NO_HOST
    if isinstance(error, ConnectionError | TimeoutError | EOFError):
        return _SILENT
    said = codes[0] if codes else type(error).__name__
    return f"{{shown}} cannot be read from its store ({said}); try again later."


def _code(error: BaseException) -> str:
    """The code of an answer: S3's own word, an HTTP status, or the three digits of FTP."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        code = response.get("Error", {}).get("Code")
        if code in ("400", "403", "404", "301"):  # of a HEAD, which has no body that says more
            return "" if code == "404" else str(code)
        return str(code or "")
    for name in ("code", "status", "status_code"):
        value = getattr(error, name, None)
        if isinstance(value, int):
            return str(value)
    if type(error).__module__ == "ftplib":
        return str(error)[:3] if str(error)[:3].isdigit() else ""
    return ""
