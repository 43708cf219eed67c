"""
What was tried on the sandbox: hostile programs, what each meets, and an honest program beside each.

The task is the same for all: `solve(n)` is `2 * n + 2`, and `solve(20)` is asked for. Loot is returned, so
that a wall with a hole shows as another outcome than the one that is written here.
"""
# ruff: noqa: E501 - an attack is a line

from dataclasses import dataclass
from textwrap import indent

from tests.raw_calls import RAW, number
from verifiers.sandbox import Outcome, Raised, Returned, Struck
from verifiers.sandbox.syscalls import MACHINE, MACHINES

RIGHT = Returned(42)

DENIED = Raised("PermissionError")
MISSING = Raised("ModuleNotFoundError")
REFUSED = Returned((-1, 1))
"""What a raw system call returns, and errno: EPERM."""

FRAME = """
import os
def record(body):
    return len(body).to_bytes(4, "big") + body.encode()
def frame(body):
    os.write(3, record(body.decode()))
"""


@dataclass(frozen=True)
class Attack:
    """A hostile source, what asking it for `solve(20)` comes to, and an honest source like it."""

    name: str
    source: str
    meets: Outcome
    twin: str


def solve(body: str) -> str:
    return f"def solve(n):\n{indent(body.strip(), '    ')}\n"


HONEST_BODY = "return 2 * n + 2"
HONEST = solve(HONEST_BODY)


def attack(name: str, body: str, meets: Outcome, twin: str = HONEST_BODY, *, before: str = "") -> Attack:
    return Attack(name, before + "\n" + solve(body), meets, solve(twin))


def raw(name: str, *arguments: str, call: str | None = None) -> Attack:
    """Make a raw system call; its twin makes one that is allowed, getpid, and goes on."""
    getpid = (39, 172)[MACHINES.index(MACHINE)]
    return Attack(
        f"a raw {name}",
        RAW + solve(f"return raw({', '.join([str(number(call or name)), *arguments])})"),
        REFUSED,
        RAW + solve(f"assert raw({getpid})[0] > 0\nreturn 2 * n + 2"),
    )


READING = [
    attack("opens a file", 'return open("/etc/passwd").read()', DENIED, "import io\nio.StringIO('x').read()\nreturn 2 * n + 2"),
    attack("opens a file by descriptor", 'import os\nreturn os.read(os.open("/etc/hostname", 0), 99)', DENIED),
    attack("reads its own environment", "import os\nreturn dict(os.environ)", Returned({}), "import os\nreturn 2 * n + int(os.environ.get('TWO', 2))"),
    attack("asks libc for the secret", 'libc.getenv.restype = ctypes["c_char_p"]\nreturn libc.getenv(b"AWS_SECRET_ACCESS_KEY")', Returned(None), before=RAW),
    attack("reads its environment from /proc", 'return open("/proc/self/environ", "rb").read()', DENIED),
    attack("reads its parents' environment", 'import os\nreturn open(f"/proc/{os.getpid() - 1}/environ", "rb").read()', DENIED),
    attack("reads the first process's environment", 'return open("/proc/1/environ", "rb").read()', DENIED),
    attack("reads its memory map", 'return open("/proc/self/maps").read()', DENIED),
    attack("opens its memory as a file", 'return open("/proc/self/mem", "r+b").read(9)', DENIED),
    attack("lists a folder", 'import os\nreturn os.listdir("/")', DENIED),
    attack("walks a folder", 'import os\nreturn list(os.walk("/"))', Returned([])),
    attack("asks whether a file is there", 'import os\nreturn os.path.exists("/etc/passwd")', Returned(False)),
    attack("stats a file", 'import os\nreturn os.stat("/etc/passwd").st_size', DENIED),
    attack("reads a link", 'import os\nreturn os.readlink("/proc/self/exe")', DENIED),
    attack("asks where it is", "import os\nreturn os.getcwd()", DENIED),
    attack("asks the line cache for a file", 'import linecache\nreturn linecache.getlines("/etc/passwd")', Returned([])),
    attack("reads an inherited descriptor", "import os\nreturn [fd for fd in range(4, 256) if not _closed(fd)]", Returned([]), before="import os\ndef _closed(fd):\n    try:\n        os.read(fd, 1)\n    except OSError:\n        return True\n"),
    attack("imports the tests", "import tests.test_sandbox\nreturn 42", MISSING),
    attack("imports the verifier", "import verifiers\nreturn 42", MISSING),
    attack("imports ctypes", "import ctypes\nreturn 42", MISSING, "import math\nreturn math.trunc(2 * n + 2)"),
    attack("reads its standard input", "import sys\nreturn sys.stdin.read()", Returned("")),
    attack("looks at its arguments", "import sys\nreturn sys.argv, sys.orig_argv, sys.path", Returned(([""], [""], []))),
]  # fmt: skip

WRITING = [
    attack("writes a file", 'open("/tmp/escaped", "w").write("x")\nreturn 42', DENIED),
    attack("deletes a file", 'import os\nos.remove("/tmp/x")\nreturn 42', DENIED),
    attack("makes a folder", 'import os\nos.mkdir("/tmp/escaped")\nreturn 42', DENIED),
    attack("makes a link", 'import os\nos.symlink("/etc", "/tmp/escaped")\nreturn 42', DENIED),
    attack("renames a file", 'import os\nos.rename("/tmp/x", "/tmp/y")\nreturn 42', DENIED),
    attack("changes a mode", 'import os\nos.chmod("/tmp", 0)\nreturn 42', DENIED),
]

NETWORK = [
    attack("imports socket", "import socket\nreturn 42", MISSING),
    attack("finds the helper's socket type", "Socket = next(k for k in object.__subclasses__() if k.__name__ == 'socket')\nreturn Socket().fileno()", DENIED),
    attack("asks the Lambda Runtime API", "from urllib.request import urlopen\nreturn urlopen('http://127.0.0.1:9001/2018-06-01/runtime/invocation/next').read()", MISSING),
    attack("resolves a name", 'found = ctypes["c_void_p"]()\nreturn libc.getaddrinfo(b"example.com", b"80", None, ctypes["byref"](found)) == 0', Returned(False), before=RAW),
    raw("socket", "2", "1", "0"),
    raw("socketpair", "1", "1", "0", "0"),
    raw("connect", "3", "0", "0"),
    raw("message with descriptors", "3", "0", "0", call="sendmsg"),
]  # fmt: skip

PROCESSES = [
    attack("forks", "import os\nreturn os.fork()", DENIED),
    attack("forks without end", "import os\nwhile True:\n    os.fork()", DENIED),
    attack("spawns", 'import os\nreturn os.posix_spawn("/bin/true", ["true"], {})', DENIED),
    attack("calls the shell", 'import os\nreturn os.system("true") == 0', Returned(False)),
    attack("opens a pipe to a shell", 'import os\nreturn os.popen("id").read()', MISSING),
    attack("imports subprocess", "import subprocess\nreturn 42", MISSING),
    attack("imports multiprocessing", "import multiprocessing\nreturn 42", MISSING),
    attack("becomes another program", 'import os\nos.execv("/bin/true", ["true"])', DENIED),
    attack("starts a thread", "import threading\nthreading.Thread(target=print).start()\nreturn 42", Raised("RuntimeError"), "import threading\nwith threading.Lock():\n    return 2 * n + 2"),
    attack("leaves its session as a daemon", "import os\nos.setsid()\nreturn 42", DENIED),
    attack("kills its parent", "import os\nos.kill(os.getpid() - 1, 9)\nreturn 42", DENIED),
    attack("kills everybody", "import os\nos.kill(-1, 9)\nreturn 42", DENIED),
    attack("kills its group", "import os\nos.killpg(0, 9)\nreturn 42", DENIED),
    attack("stops itself", "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\nreturn 42", DENIED),
    raw("clone", "17", "0", "0", "0", "0"),
    raw("clone of a thread", "0x3d0f00", "0", "0", "0", "0", call="clone"),
    raw("clone3", "0", "88"),
    raw("execve", "b'/bin/true'", "0", "0"),
    raw("execveat", "3", "b''", "0", "0", "0x1000"),
    raw("kill", "1", "0"),
    raw("tkill", "1", "0"),
    raw("tgkill", "1", "1", "0"),
    raw("rt_sigqueueinfo", "1", "0", "0"),
    raw("pidfd_open", "1", "0"),
    raw("pidfd_send_signal", "3", "9", "0", "0"),
    raw("pidfd_getfd", "3", "0", "0"),
    raw("ptrace", "16", "1", "0", "0"),
    raw("process_vm_readv", "1", "0", "0", "0", "0", "0"),
    raw("process_vm_writev", "1", "0", "0", "0", "0", "0"),
]  # fmt: skip

KERNEL = [
    raw("openat", "-100", "b'/etc/passwd'", "0"),
    raw("openat2", "-100", "b'/etc/passwd'", "0", "24"),
    raw("open_by_handle_at", "-100", "0", "0"),
    raw("statx", "-100", "b'/etc/passwd'", "0", "0", "0"),
    raw("prctl that ends no_new_privs", "38", "0", "0", "0", "0", call="prctl"),
    raw("prctl that makes it dumpable", "4", "1", "0", "0", "0", call="prctl"),
    raw("filter of its own", "1", "0", "0", call="seccomp"),
    raw("prlimit64", "0", "9", "0", "0"),
    raw("bpf", "0", "0", "0"),
    raw("io_uring_setup", "8", "0"),
    raw("userfaultfd", "1"),
    raw("perf_event_open", "0", "0", "-1", "-1", "0"),
    raw("memfd_create", "b'x'", "0"),
    raw("mount", "b'x'", "b'/'", "b'tmpfs'", "0", "0"),
    raw("unshare of everything", "0x7e020000", call="unshare"),
    raw("setns", "3", "0"),
    raw("chroot", "b'/tmp'"),
    raw("setuid", "0"),
    raw("keyctl", "0", "0", "0", "0", "0"),
    raw("shmget", "0", "4096", "0o1600"),
    raw("timer_create", "0", "0", "0"),
    raw("setitimer", "0", "0", "0"),
    raw("dup3", "3", "9", "0"),
    raw("pipe2", "0", "0"),
    raw("fcntl", "3", "0", "9"),
    raw("ioctl that types for another", "0", "0x5412", "0", call="ioctl"),
    raw("personality", "0x400000"),
    raw("sched_setaffinity", "0", "0", "0"),
    raw("init_module", "0", "0", "0"),
    raw("mmap of executable memory", "0", "4096", "7", "0x22", "-1", "0", call="mmap"),
    attack("makes memory executable later", f"at, _ = raw({number('mmap')}, 0, 4096, 3, 0x22, -1, 0)\nlibc.mprotect.argtypes = [ctypes['c_void_p'], ctypes['c_size_t'], ctypes['c_int']]\nlibc.mmap.restype = ctypes['c_void_p']\npage = libc.mmap(None, ctypes['c_size_t'](4096), 3, 0x22, -1, ctypes['c_long'](0))\nreturn libc.mprotect(page, 4096, 5), ctypes['get_errno']()", REFUSED, before=RAW),
]  # fmt: skip
if MACHINE == "x86_64":
    KERNEL += [
        attack("calls by the x32 numbers", "return raw(0x40000000 | 39)", Struck("died"), before=RAW),
        attack("forks by the x32 numbers", "return raw(0x40000000 | 57)", Struck("died"), before=RAW),
    ]

LIMITS = [
    attack("loops without end", "while True: pass", Struck("time"), "for _ in range(1000): pass\nreturn 2 * n + 2"),
    attack("sleeps", "import time\ntime.sleep(999)\nreturn 42", Struck("time"), "import time\ntime.sleep(0.01)\nreturn 2 * n + 2"),
    attack("loops while it is loaded", "return 42", Struck("time"), before="while True: pass"),
    attack("waits for a lock", "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()", Struck("time")),
    attack("raises a number to a tower", "return 9 ** 9 ** 8", Struck("time"), "return int(str(9 ** 9)) - 9 ** 9 + 2 * n + 2"),
    attack("blows up a pattern", "import re\nreturn re.match('(a|aa)+$', 'a' * 60 + 'b')", Struck("time"), "import re\nreturn 2 * n + len(re.findall('a', 'aba'))"),
    attack("ignores every signal and loops", "import signal\nfor each in range(1, 32):\n    try:\n        signal.signal(each, signal.SIG_IGN)\n    except (OSError, ValueError):\n        pass\nwhile True: pass", Struck("time")),
    attack("sets an alarm", "import signal\nreturn signal.setitimer(signal.ITIMER_REAL, 1)", Raised("itimer_error")),
    attack("catches everything and goes on", "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass", Struck("time")),
    attack("takes 4 GB", "return len(bytearray(4 * 2 ** 30))", Struck("memory"), "return len(bytearray(2 ** 20)) - 2 ** 20 + 2 * n + 2"),
    attack("takes memory in small pieces", "kept = []\nwhile True: kept.append(bytes(200_000))", Struck("memory"), "kept = [[0] * 1000 for _ in range(1000)]\nreturn 2 * n + 2"),
    attack("catches that memory is short", "kept = []\nwhile True:\n    try:\n        kept.append(bytes(10 ** 6))\n    except MemoryError:\n        pass", Struck("time")),
    attack("returns 200 MB", "return 'x' * (200 * 2 ** 20)", Struck("output"), "return len('x' * 2 ** 20) - 2 ** 20 + 2 * n + 2"),
    attack("returns a list without end", "deep = []\ndeep.append(deep)\nreturn deep", Struck("output"), "return [[2 * n + 2]][0][0]"),
    attack("returns what doubles at each level", "wide = [0]\nfor _ in range(60): wide = [wide, wide]\nreturn wide", Struck("output")),
    attack("returns a number of a million digits", "return 1 << 4_000_000", Struck("output"), "return (1 << 100) // (1 << 100) * (2 * n + 2)"),
    attack("prints without end", "while True: print('x' * 10 ** 6)", Struck("time"), "for _ in range(100): print('x' * 1000)\nreturn 2 * n + 2"),
    attack("prints to the parent's error output", "import sys\nsys.stderr.write('x' * 10 ** 6)\nreturn 41", Returned(41)),
    attack("recurses without end", "return solve(n)", Raised("RecursionError"), "return 2 + (2 * n if n < 1 else solve(n - 1))"),
    attack("recurses in C until it dies", "nested = ()\nfor _ in range(10 ** 6): nested = (nested,)\nreturn hash(nested)", Struck("died"), "return hash((n,)) - hash((n,)) + 2 * n + 2"),
    attack("fills the table of types", "while True: type('X', (), {})", Struck("time")),
]  # fmt: skip

ENDINGS = [
    attack("leaves at once", "import os\nos._exit(0)", Struck("died")),
    attack("leaves politely", "import sys\nsys.exit(0)", Raised("SystemExit")),
    attack("raises SystemExit", "raise SystemExit(42)", Raised("SystemExit")),
    attack("raises KeyboardInterrupt", "raise KeyboardInterrupt", Raised("KeyboardInterrupt"), "try:\n    raise KeyboardInterrupt\nexcept KeyboardInterrupt:\n    return 2 * n + 2"),
    attack("aborts", "import os\nos.abort()", Struck("died")),
    attack("reads address 0", "return ctypes['string_at'](0)", Struck("died"), before=RAW),
    attack("leaves something for the exit", "return 41", Returned(41), before="import atexit\natexit.register(print, 'PASSED')"),
    attack("replaces the hook for exceptions", "raise ValueError", Raised("ValueError"), before="import sys\nsys.excepthook = lambda *_: print('PASSED')"),
    attack("prints that it passed", "print('PASSED')\nprint('1 passed')", Returned(None)),
    attack("traces itself", "return 41", Returned(41), before="import sys\nsys.settrace(lambda *_: None)"),
    attack("deletes every name", "return 41", Returned(41), before="import sys\nfor name in list(sys.modules):\n    if name not in ('sys', 'builtins'): del sys.modules[name]"),
    attack("throws an exception with a name that lies", "raise type('X' * 10 ** 6, (Exception,), {})", Raised("X" * 100)),
    attack("throws an exception with a message in its name", "raise type('AssertionError: expected 42', (Exception,), {})", Struck("unreadable"), "try:\n    raise type('Mine', (Exception,), {})\nexcept Exception:\n    return 2 * n + 2"),
]  # fmt: skip

OBJECTS = [
    attack("returns what equals everything", "return Same()", Struck("not plain"), before="class Same:\n    def __eq__(self, other): return True\n    __hash__ = None\n"),
    attack("returns a number that equals everything", "return Same(7)", Returned(7), "return type('Number', (int,), {})(2 * n + 2)", before="class Same(int):\n    def __eq__(self, other): return True\n    def __index__(self): return 42\n    __int__ = __hash__ = __index__\n"),
    attack("returns a text that equals everything", "return Same('no')", Returned("no"), before="class Same(str):\n    def __eq__(self, other): return True\n    def __str__(self): return 'yes'\n    __hash__ = str.__hash__\n"),
    attack("returns a list that equals everything", "return Same([1])", Returned([1]), before="class Same(list):\n    def __eq__(self, other): return True\n    def __iter__(self): return iter([42])\n"),
    attack("returns a dict that equals everything", "return Same(a=1)", Returned({"a": 1}), before="class Same(dict):\n    def __eq__(self, other): return True\n    def items(self): return [('a', 42)]\n"),
    attack("lies about its class", "return Liar()", Struck("not plain"), before="class Liar:\n    __class__ = int\n    def __int__(self): return 42\n"),
    attack("lies with a metaclass", "return Liar()", Struck("not plain"), before="class Meta(type):\n    def __instancecheck__(self, other): return True\n    def __subclasscheck__(self, other): return True\n    def __eq__(self, other): return True\n    __hash__ = type.__hash__\nclass Liar(metaclass=Meta): pass\n"),
    attack("returns code", "return lambda: 42", Struck("not plain")),
    attack("returns what it has not computed", "return (42 for _ in range(1))", Struck("not plain"), "return next(2 * each + 2 for each in [n])"),
    attack("replaces the built-in functions", "return 41", Struck("died"), before="import builtins\nbuiltins.issubclass = builtins.isinstance = lambda *_: True\n"),
    attack("replaces json", "return 41", Struck("died"), before="import json\njson.JSONEncoder.encode = lambda *_: 1 / 0"),
    attack("looks for the expected value in the frames", "import sys\nframe, seen = sys._getframe(), []\nwhile frame:\n    seen += [v for v in frame.f_locals.values() if v == 42 and type(v) is int]\n    frame = frame.f_back\nreturn seen", Returned([])),
    attack("looks for the expected value with gc", "import gc\nreturn [o for o in gc.get_objects() if type(o) is list and o == [42]]", Returned([])),
    attack("looks for another's source", "import gc\nreturn [o for o in gc.get_objects() if type(o) is dict and 'neighbour' in o and 'neighbours' in o]", Returned([])),
    attack("asks inspect for who calls", "import inspect\nreturn [f.function for f in inspect.stack() if 'expect' in f.function]", DENIED),
]  # fmt: skip

RECORDS = [
    attack("closes the pipe", "import os\nos.close(3)\nreturn 42", Struck("died")),
    attack("closes the pipe and stays", "import os\nos.close(3)\nwhile True: pass", Struck("died")),
    attack("writes noise", "frame(bytes(range(128)))\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("writes half a record and waits", "import time\nos.write(3, b'\\0\\0')\ntime.sleep(99)", Struck("time"), before=FRAME),
    attack("announces 4 GB", "os.write(3, b'\\xff' * 4)\nreturn 42", Struck("output"), before=FRAME),
    attack("floods the pipe", "while True: os.write(3, b'\\0' * 65536)", Struck("out of turn"), before=FRAME),
    attack("answers twice", "os.write(3, 2 * record('[\"t\",\"returned\",42]'))\nwhile True: pass", Struck("out of turn"), before=FRAME),
    attack("answers before it is asked", "return 42", Struck("out of turn"), before=FRAME + "os.write(3, record('[\"t\",\"returned\",null]') + record('[\"t\",\"returned\",42]'))\n"),
    attack("sends a record that nests", "frame(b'[' * 30000)\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("sends keys that collide", "import itertools\nmembers = ','.join('[\"t\",%s]' % ','.join(each) for each in itertools.product(['-1', '-2'], repeat=9))\nframe(('[\"t\",\"returned\",[\"s\",%s]]' % members).encode())\nwhile True: pass", Struck("unreadable"), "return 2 * n + len({(x, -y) for x in (-1, -2) for y in (1, 2)}) - 2", before=FRAME),
    attack("sends a number of 60,000 digits", "frame(b'[\"t\",\"returned\",' + b'9' * 60000 + b']')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("sends what is no number", "frame(b'[\"t\",\"returned\",NaN]')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("sends an object", "frame(b'{\"returned\":42}')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("sends a tag of its own", "frame(b'[\"t\",\"returned\",[\"os.system\",\"id\"]]')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("sends a list as a tag", "frame(b'[\"t\",\"returned\",[[1],2]]')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("sends a set of lists", "frame(b'[\"t\",\"returned\",[\"s\",[\"l\"]]]')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("sends a reason of its own", "frame(b'[\"t\",\"struck\",\"the expected value is 42\"]')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("says that the sandbox is closed", "frame(b'[\"t\",\"struck\",\"seccomp cannot be installed here: EPERM\"]')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("calls as the tests' process would", "frame(b'[\"t\",\"called\",[\"l\",1],[\"d\"]]')\nwhile True: pass", Struck("unreadable"), before=FRAME),
    attack("reads the next question itself", "while True: os.read(3, 65536)", Struck("time"), before=FRAME),
    attack("writes to its standard output", "os.write(1, b'[\"t\",\"returned\",42]')\nreturn 41", Returned(41), before=FRAME),
]  # fmt: skip

SOURCES = [
    Attack("is no Python", "def solve(n:\n", Struck("syntax: line 1"), HONEST),
    Attack("holds a null byte", "x = '\0'", Struck("syntax: line 0"), HONEST),
    Attack("holds half a character", "x = '\ud800'", Struck("syntax: line 0"), "x = '\\ud800'\n" + HONEST),
    Attack("nests until the compiler gives up", "(" * 5000 + ")" * 5000, Struck("syntax: line 1"), "x = " + "(" * 50 + "1" + ")" * 50 + "\n" + HONEST),
    Attack("nests operators until the compiler gives up", "x = " + "-" * 100_000 + "1", Struck("syntax: line 0"), "x = " + "-" * 50 + "1\n" + HONEST),
    Attack("has a compiler compute", "x = " + "(1 << 9999999) + " * 20 + "1\n" + HONEST.replace("2 *", "3 *"), Returned(62), HONEST),
    Attack("defines nothing", "", Raised("NameError"), HONEST),
    Attack("defines no function", "solve = 42", Raised("TypeError"), "solve = lambda n: 2 * n + 2"),
    Attack("names the module by a lie", "__name__ = '__main__'\n" + solve("return __name__"), Returned("__main__"), "if __name__ == '__main__':\n    1 / 0\n" + HONEST),
]  # fmt: skip

ATTACKS = [
    *READING,
    *WRITING,
    *NETWORK,
    *PROCESSES,
    *KERNEL,
    *LIMITS,
    *ENDINGS,
    *OBJECTS,
    *RECORDS,
    *SOURCES,
]
