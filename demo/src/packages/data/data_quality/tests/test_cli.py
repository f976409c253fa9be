import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from data_quality.cli import main


class CommandLineTest(unittest.TestCase):
    def run_on(self, text: str) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "orders.csv")
            path.write_text(text, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()) as output:
                return main([str(path)]), output.getvalue()

    def test_an_empty_cell_fails_the_file(self) -> None:
        status, output = self.run_on("id,sum\n1,3\n,4\n")
        self.assertEqual(status, 1)
        self.assertIn("line 3: NOT_NULL", output)

    def test_a_clean_file_passes(self) -> None:
        self.assertEqual(self.run_on("id,sum\n1,3\n")[0], 0)


if __name__ == "__main__":
    unittest.main()
