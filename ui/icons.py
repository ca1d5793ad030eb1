"""The window's icons: 24 x 24, drawn in the colour of the text around them, told to nobody."""

_PATHS = {
    "again": "M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6",
    "close": "M6 6l12 12M18 6L6 18",
    "copy": "M9 9h10v11H9zM5 15V4h10",
    "done": "M5 13l4.5 4.5L19 7",
    "edit": "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
    "elsewhere": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "next": "M9 5l7 7-7 7",
    "previous": "M15 5l-7 7 7 7",
    "read": "M12 6c-2-1.5-5-2-8-2v14c3 0 6 .5 8 2 2-1.5 5-2 8-2V4c-3 0-6 .5-8 2zM12 6v14",
    "unfound": "M11 17a6 6 0 1 1 0-12 6 6 0 0 1 0 12zM15.5 15.5L20 20M8.5 11h5",
    "up": "M7 10v11H3V10zm0 0 5-8a2 2 0 0 1 3 2l-1 5h5a2 2 0 0 1 2 2.3l-1.5 8A2 2 0 0 1 17.5 21H7",
    "down": "M7 14V3H3v11zm0 0 5 8a2 2 0 0 0 3-2l-1-5h5a2 2 0 0 0 2-2.3l-1.5-8A2 2 0 0 0 17.5 3H7",
    "link": "M9 15l6-6M10 7l2-2a4.9 4.9 0 0 1 7 7l-2 2M14 17l-2 2a4.9 4.9 0 0 1-7-7l2-2",
    "add": "M12 5v14M5 12h14",
}


def icon(name: str) -> str:
    """The icon of that name as HTML."""
    return (
        f'<svg class="icon {name}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f'<path d="{_PATHS[name]}"></path></svg>'
    )
