"""Everything Isnad raises on purpose.

IsnadError
├── BadQuestion          the question cannot be taken (empty, too long, nothing to read in it)
├── BadArticle           a file that cannot be read as an article; names the file and the cause
│   ├── UnknownKind      of a kind that is not read at all
│   ├── NoText           without a word in it: empty, or pictures of pages
│   ├── Encrypted        to be opened with a password only
│   └── TooLarge         larger, or of more pages, than is taken
├── ArticleNotFound      no article with that id
├── IndexUnavailable     the index cannot be opened or written
│   ├── IndexMissing     there is none yet
│   ├── IndexMismatch    made with another model, text treatment or version
│   ├── IndexBusy        another process is writing
│   └── IndexDamaged     something in it is not what was written
├── ComposerUnavailable  the composer that was asked for is not set up
├── BadKey               an API key, or its name, that cannot be taken
├── FeedbackUnavailable  feedback cannot be kept or read
├── ConversationNotFound no such conversation, or answer, of this visitor
├── ConversationsUnavailable  conversations cannot be kept or read
├── Overloaded           too many questions at once
├── TookTooLong          a question was not answered in time
├── Unprotected          serving to other machines without any API key
└── BadGold              a gold file that cannot be read; names the line

Messages are one line, in the asker's terms, and say what to do.
"""


class IsnadError(Exception):
    """The root: catch this to catch all of them."""


class BadQuestion(IsnadError):
    """The question cannot be taken."""


class BadArticle(IsnadError):
    """A file that cannot be read as an article."""


class UnknownKind(BadArticle):
    """A file of a kind that is not read."""


class NoText(BadArticle):
    """A file without text."""


class Encrypted(BadArticle):
    """A file that needs a password."""


class TooLarge(BadArticle):
    """A file that is larger than is taken."""


class ArticleNotFound(IsnadError):
    """No article with that id is in the index."""


class IndexUnavailable(IsnadError):
    """The index cannot be opened or written."""


class IndexMissing(IndexUnavailable):
    """There is no index in the data folder yet."""


class IndexMismatch(IndexUnavailable):
    """The index was made with another model, text treatment or version."""


class IndexBusy(IndexUnavailable):
    """Another process is writing the index."""


class IndexDamaged(IndexUnavailable):
    """Something in the index is not what was written: a bad disk, or another program."""


class ComposerUnavailable(IsnadError):
    """The composer that was asked for is not set up."""


class BadKey(IsnadError):
    """An API key, or its name, that cannot be taken."""


class FeedbackUnavailable(IsnadError):
    """Feedback cannot be kept or read."""


class ConversationNotFound(IsnadError):
    """No such conversation, or answer, is kept for this visitor."""


class ConversationsUnavailable(IsnadError):
    """Conversations cannot be kept or read."""


class Overloaded(IsnadError):
    """Too many questions at once."""


class TookTooLong(IsnadError):
    """A question was not answered in time."""


class Unprotected(IsnadError):
    """Serving to other machines without any API key."""


class BadGold(IsnadError):
    """A gold file that cannot be read."""
