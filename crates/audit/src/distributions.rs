//! Import names and the distributions that bring them.
//!
//! No registry is asked. What is not known here is taken to have one name, and
//! is judged by what the tree declares and by what it imports.

/// Import names whose distribution is called differently, sorted.
const RENAMED: &[(&str, &str)] = &[
    ("Crypto", "pycryptodome"),
    ("Levenshtein", "python-levenshtein"),
    ("MySQLdb", "mysqlclient"),
    ("OpenSSL", "pyopenssl"),
    ("PIL", "pillow"),
    ("airflow", "apache-airflow"),
    ("apiclient", "google-api-python-client"),
    ("attr", "attrs"),
    ("azure", "azure-core"),
    ("bs4", "beautifulsoup4"),
    ("confluent_kafka", "confluent-kafka"),
    ("cv2", "opencv-python"),
    ("dateutil", "python-dateutil"),
    ("django_filters", "django-filter"),
    ("docx", "python-docx"),
    ("dotenv", "python-dotenv"),
    ("faiss", "faiss-cpu"),
    ("fitz", "pymupdf"),
    ("flask_cors", "flask-cors"),
    ("flask_sqlalchemy", "flask-sqlalchemy"),
    ("git", "gitpython"),
    ("github", "pygithub"),
    ("gitlab", "python-gitlab"),
    ("google", "google-api-core"),
    ("googleapiclient", "google-api-python-client"),
    ("grpc", "grpcio"),
    ("grpc_status", "grpcio-status"),
    ("igraph", "python-igraph"),
    ("jose", "python-jose"),
    ("jwt", "pyjwt"),
    ("kafka", "kafka-python"),
    ("ldap", "python-ldap"),
    ("lightning", "pytorch-lightning"),
    ("memcache", "python-memcached"),
    ("mpl_toolkits", "matplotlib"),
    ("nacl", "pynacl"),
    ("opentelemetry", "opentelemetry-api"),
    ("pkg_resources", "setuptools"),
    ("psycopg2", "psycopg2-binary"),
    ("pythonjsonlogger", "python-json-logger"),
    ("rest_framework", "djangorestframework"),
    ("ruamel", "ruamel-yaml"),
    ("sentry_sdk", "sentry-sdk"),
    ("serial", "pyserial"),
    ("skimage", "scikit-image"),
    ("sklearn", "scikit-learn"),
    ("skopt", "scikit-optimize"),
    ("slugify", "python-slugify"),
    ("socketio", "python-socketio"),
    ("telegram", "python-telegram-bot"),
    ("umap", "umap-learn"),
    ("usb", "pyusb"),
    ("websocket", "websocket-client"),
    ("wx", "wxpython"),
    ("yaml", "pyyaml"),
    ("zmq", "pyzmq"),
    ("zope", "zope-interface"),
];

/// Import names that everybody knows and nobody gives to code of their own,
/// sorted: the repository may well have forgotten to declare them.
const COMMON: &str = "\
    aiofiles aiohttp aioredis alembic anyio arrow asyncpg black boto3 botocore catboost celery \
    click colorama coverage cryptography cupy cython dash dask django docker elasticsearch factory \
    fastapi flask freezegun gensim gevent gunicorn httpx hydra hyperopt hypothesis jax jinja2 \
    joblib jsonschema keras langchain lime loguru marshmallow matplotlib mlflow motor mypy \
    networkx nltk numba numpy omegaconf openai openpyxl optuna orjson pandas paramiko passlib \
    peewee playwright plotly polars prometheus_client psutil psycopg pyarrow pydantic \
    pydantic_settings pymongo pyod pyspark pytest pytz ray redis requests rich scipy seaborn \
    selenium setuptools shap six sqlalchemy starlette statsmodels streamlit structlog tensorflow \
    toml torch tqdm transformers typer typing_extensions ujson urllib3 uvicorn werkzeug wtforms \
    xgboost";

/// A distribution's name in the one spelling that compares (PEP 503).
pub fn normalised(name: &str) -> String {
    let parts = name.split(['-', '_', '.']).filter(|part| !part.is_empty());
    parts.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// Whether `import_name` is one that everybody knows.
pub fn is_well_known(import_name: &str) -> bool {
    COMMON.split(' ').any(|name| name == import_name) || renamed(import_name).is_some()
}

/// Whether a distribution called `normal`, which is normalised, may be where
/// `import_name` comes from: `taggit` from `django-taggit`.
pub fn may_bring(normal: &str, import_name: &str) -> bool {
    let wanted = normalised(import_name);
    let prefixes = ["django-", "flask-", "pytest-", "python-", "types-"].iter();
    let suffixes = ["-py", "-python"].iter();
    let shorter = prefixes.filter_map(|prefix| normal.strip_prefix(prefix));
    let mut stems = shorter.chain(suffixes.filter_map(|suffix| normal.strip_suffix(suffix))).chain([normal]);
    renamed(import_name) == Some(normal) || stems.any(|stem| stem == wanted)
}

/// The distribution that most likely brings `import_name`.
pub fn distribution(import_name: &str) -> String {
    renamed(import_name).map_or_else(|| normalised(import_name), str::to_owned)
}

fn renamed(import_name: &str) -> Option<&'static str> {
    let found = RENAMED.binary_search_by(|(name, _)| (*name).cmp(import_name)).ok()?;
    RENAMED.get(found).map(|(_, distribution)| *distribution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_normalised() {
        assert!(RENAMED.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(COMMON.split(' ').is_sorted() && COMMON.split(' ').all(|name| !name.is_empty()));
        assert!(RENAMED.iter().all(|(_, distribution)| normalised(distribution) == *distribution));
    }

    #[test]
    fn names_are_found_in_either_table() {
        assert!(may_bring("pyyaml", "yaml") && may_bring("shop-cart", "Shop_Cart"));
        assert!(may_bring("django-taggit", "taggit") && may_bring("types-toml", "toml"));
        assert!(!may_bring("monorepo-client", "monorepo") && !may_bring("tag", "taggit"));
        assert!(is_well_known("numpy") && is_well_known("sklearn") && !is_well_known("monorepo"));
    }
}
