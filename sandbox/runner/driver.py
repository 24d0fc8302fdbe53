# What stands between the runner and a customer's main(input, ctx). Every name is private: the code gets a namespace of its own.
import base64
import inspect
import io
import json
import sys
import traceback
import types


class _Printed(io.TextIOBase):
    def __init__(self, level, log):
        self._level, self._log, self._rest = level, log, ""

    def writable(self):
        return True

    def write(self, text):
        *lines, self._rest = (self._rest + str(text)).split("\n")
        for line in lines:
            self._log(self._level, line)
        if len(self._rest) > 8192:
            self.finish()
        return len(text)

    def finish(self):
        if self._rest:
            self._log(self._level, self._rest)
        self._rest = ""


class _Response:
    def __init__(self, answer):
        self.status = answer["status"]
        self.headers = dict(answer["headers"])
        self.content = base64.b64decode(answer["body"] or "")

    @property
    def text(self):
        return self.content.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.content)


def _fetching(call):
    def fetch(url, method="GET", headers=None, body=None):
        if call is None:
            raise PermissionError("This code may not call any host: its network is empty.")
        headers = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            headers.setdefault("content-type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        request = {"url": str(url), "method": method, "headers": headers, "body": None if body is None else base64.b64encode(body).decode()}
        try:
            return _Response(json.loads(call(json.dumps(request))))
        except Exception as error:
            if type(error).__name__ != "JsException":
                raise
            raise ConnectionError(str(error).removeprefix("Error: ")) from None

    return fetch


def _failed(code, error):
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "main.py"]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    kept = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != "<exec>"]
    stack = "".join(traceback.format_list(kept)[-50:]) if kept else None
    return json.dumps({"code": code, "error": f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}", "line": line, "stack": stack})


async def _drive(code, given, context, call, log):
    out, err = _Printed("info", log), _Printed("error", log)
    sys.stdout, sys.stderr, sys.stdin = out, err, io.StringIO("")
    if "random" in sys.modules:
        # The image was made once: without this every execution would draw the same numbers.
        sys.modules["random"].seed()
    try:
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        exec(compile(code, "main.py", "exec"), module.__dict__)
        main = module.__dict__.get("main")
        if not callable(main):
            return json.dumps({"code": "code_invalid", "error": "The code defines no function main(input, ctx)."})
        value = main(json.loads(given), types.SimpleNamespace(**json.loads(context), fetch=_fetching(call)))
        if inspect.isawaitable(value):
            value = await value
    except SyntaxError as error:
        return _failed("code_invalid" if error.filename == "main.py" else "code_failed", error)
    except MemoryError as error:
        return _failed("memory_exceeded", error)
    except BaseException as error:
        return _failed("code_failed", error)
    finally:
        out.finish()
        err.finish()
    try:
        result = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        result.encode()
        return json.dumps({"result": result}, ensure_ascii=False)
    except BaseException as error:
        return _failed("invalid_result", error)


_drive
