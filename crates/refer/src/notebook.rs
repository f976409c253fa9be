//! Jupyter notebooks: the code of their cells as one Python file, and its edits
//! carried back into the JSON.
