"""Keys and lines from whoever is there: a terminal, key by key, or a file or pipe, line by line."""
import os
import re
import select
import shutil
import signal
import sys

try:
    import termios
    import tty
except ImportError:  # no POSIX terminal
    termios = None

END = "end of input"
ARROWS = {"\x1b[C": "n", "\x1b[D": "p", "\x1bOC": "n", "\x1bOD": "p"}


class Terminal:
    def __init__(self):
        self.fd = sys.stdin.fileno()
        self.is_one = termios is not None and os.isatty(self.fd) and os.isatty(sys.stdout.fileno())
        self.rest = b""  # read, but not yet used

    def __enter__(self):
        if self.is_one:
            self.before = termios.tcgetattr(self.fd)
            tty.setcbreak(self.fd)
            # Stopped with Ctrl-Z and brought back.
            signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(self.fd))
        return self

    def __exit__(self, *_):
        if self.is_one:
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self.before)

    def apart(self, action):
        """Calls action() with the terminal as it was before."""
        self.__exit__()
        try:
            action()
        finally:
            self.__enter__()

    def clear(self):
        if self.is_one:
            sys.stdout.write("\x1b[H\x1b[2J\x1b[3J")

    def width(self):
        return min(80, shutil.get_terminal_size().columns if self.is_one else 80)

    def strong(self, text):
        return f"\x1b[1m{text}\x1b[0m" if self.is_one else text

    def key(self, seconds):
        """The next key, or the next line of a pipe; "" if there is none for so long; END."""
        sys.stdout.flush()
        if not self.rest or (not self.is_one and b"\n" not in self.rest):
            if not select.select([self.fd], [], [], seconds)[0]:
                return ""
            read = os.read(self.fd, 4096)
            self.rest += read
            if not read:
                left, self.rest = self.rest.decode(errors="replace").strip(), b""
                return left or END
        return self._key_of_terminal() if self.is_one else self._line_of_pipe()

    def _key_of_terminal(self):
        text = self.rest.decode(errors="replace")
        arrow = re.match(r"\x1b[\[O][0-9;]*[A-Za-z~]", text)
        key = arrow[0] if arrow else text[0]
        self.rest = text[len(key):].encode()
        if arrow or key == "\x1b":
            return ARROWS.get(key, "")
        return "\n" if key == "\r" else END if key == "\x04" else key

    def _line_of_pipe(self):
        if b"\n" not in self.rest:
            return ""
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode(errors="replace").strip() or "\n"

    def line(self, prompt, begin=""):
        """A line of text; None if the input has ended."""
        sys.stdout.write(prompt + begin)
        text = begin
        while True:
            key = self.key(3600)
            if key == END:
                return None
            if not self.is_one:
                if key:
                    print(key.strip())
                    return key.strip()
                continue
            if key == "\n":
                print()
                return text
            if key in ("\x7f", "\b"):
                if text:
                    text = text[:-1]
                    sys.stdout.write("\b \b")
            elif key.isprintable() and key:
                text += key
                sys.stdout.write(key)
